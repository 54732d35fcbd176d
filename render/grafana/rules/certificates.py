"""Alerts on certificates, by cert-manager's own metrics, which the platform's Prometheus must scrape."""

from plan.plan import Plan
from render.certificates import certificates as issued
from render.grafana.rules.rule import Alert, Group
from render.grafana.thresholds import CERTIFICATE_DAYS
from settings.stack import StackSettings

_DAY_SECONDS = 24 * 3600


def certificates(settings: StackSettings, plan: Plan) -> tuple[Group, ...]:  # noqa: ARG001 - as elsewhere
    """Return the group; none where cert-manager issues no certificate."""
    if not issued(settings):
        return ()
    # cert-manager's ServiceMonitor is its own: the label of its objects' namespace may be renamed by the scrape.
    ours = f'name=~"{"|".join(one.name for one in issued(settings))}"'
    expires = f"certmanager_certificate_expiration_timestamp_seconds{{{ours}}} - time()"
    return (
        Group(
            name="tracing-certificates",
            rules=(
                Alert(
                    name="TracingCertificateExpires",
                    expr=f"{expires} < {CERTIFICATE_DAYS * _DAY_SECONDS}",
                    for_seconds=3600,
                    severity="warning",
                    summary="The certificate {{ $labels.name }} expires in {{ $value | humanizeDuration }}",
                    description="Nothing is lost yet. When it has expired, no span passes the processes that "
                    "show it.",
                    runbook="certificates.md#tracingcertificateexpires",
                ),
                Alert(
                    name="TracingCertificateNotReady",
                    expr=f'certmanager_certificate_ready_status{{{ours}, condition="True"}} == 0',
                    for_seconds=1800,
                    severity="warning",
                    summary="cert-manager cannot issue the certificate {{ $labels.name }}",
                    description="Processes use the old certificate for as long as it is valid; without one, "
                    "Pods do "
                    "not start.",
                    runbook="certificates.md#tracingcertificatenotready",
                ),
            ),
        ),
    )
