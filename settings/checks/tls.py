"""Checks of transport security: certificates have one source, and each setting has its use."""

from collections.abc import Iterator

from settings.checks.presence import present_only_if
from settings.problems import Problem, shown
from settings.stack import StackSettings
from settings.tls import ISSUED_SECRETS, Tls


def certificates_have_one_source(settings: StackSettings) -> Iterator[Problem]:
    """Certificates come from an issuer or are given, and plaintext needs none."""
    tls = settings.tls
    by = _uses(tls)
    if tls.needs_certificates and tls.secrets is not None:
        if tls.issuer is not None:
            yield Problem(
                "tls.secrets",
                "names certificates that tls.issuer would sign, too",
                "both",
                "one of them",
                "Remove tls.issuer to use the given Secrets, or remove tls.secrets.",
            )
        return
    wanted = "the name of an issuer, or tls.secrets"
    yield from present_only_if(tls.needs_certificates, "tls.issuer", tls.issuer, by=by, wanted=wanted)
    yield from present_only_if(False, "tls.secrets", tls.secrets, by=by)


def span_metrics_are_there(settings: StackSettings) -> Iterator[Problem]:
    """Only agents that make span metrics have the port that is encrypted."""
    encrypted, source = settings.tls.span_metrics, settings.span_metrics.source
    if encrypted != "plaintext" and source != "agents":
        yield from present_only_if(False, "tls.span_metrics", encrypted, by={"span_metrics.source": source})


def authorities_verify_something(settings: StackSettings) -> Iterator[Problem]:
    """An authority is set where a certificate is verified by it, and only there."""
    tls = settings.tls
    if not tls.needs_certificates:
        yield from present_only_if(False, "tls.authority", tls.authority, by=_uses(tls))
    mutual = tls.applications == "mutual_tls"
    authority, by = tls.applications_authority, {"tls.applications": tls.applications}
    wanted = "the name of a Secret"
    yield from present_only_if(mutual, "tls.applications_authority", authority, by=by, wanted=wanted)
    if mutual and authority is not None and authority in {tls.authority, *map(tls.secret, ISSUED_SECRETS)}:
        yield Problem(
            "tls.applications_authority",
            "is the collectors' authority, so an application's certificate would open gateways and Tempo",
            shown(authority),
            "another Secret",
            "Sign the applications' certificates by an authority of their own, and name its Secret.",
        )


def gossip_has_a_certificate_where_it_is(settings: StackSettings) -> Iterator[Problem]:
    """A single process does not gossip."""
    tls, mode = settings.tls, settings.tempo.deployment_mode
    if tls.secrets is not None and mode == "monolithic":
        gossip = tls.secrets.tempo_gossip
        yield from present_only_if(False, "tls.secrets.tempo_gossip", gossip, by={"tempo.deployment_mode": mode})


def prometheus_is_reached_by_tls(settings: StackSettings) -> Iterator[Problem]:
    """Certificates for Prometheus have no use over plain HTTP, and Tempo can only show one that it has."""
    tls, url = settings.tls, settings.grafana.prometheus_url
    encrypted = url is not None and url.startswith("https:")
    by = {"grafana.prometheus_url": url or "nothing"}
    client = tls.prometheus_client_certificate or None
    if not encrypted:
        yield from present_only_if(False, "tls.prometheus_authority", tls.prometheus_authority, by=by)
        yield from present_only_if(False, "tls.prometheus_client_certificate", client, by=by)
    elif tls.otlp == "plaintext":
        yield from present_only_if(False, "tls.prometheus_client_certificate", client, by={"tls.otlp": tls.otlp})


def _uses(tls: Tls) -> dict[str, str]:
    """Return the settings that need certificates, with their values."""
    return {"tls.otlp": tls.otlp, "tls.applications": tls.applications, "tls.span_metrics": tls.span_metrics}
