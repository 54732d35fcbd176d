"""Cases of `settings/checks/tls.py`."""

from settings.checks import tls
from tests.support.stacks import UNMONITORED
from tests.unit.settings.cases import Case

_ISSUER = {"name": "fawkes-tracing"}
_SECRETS = {"agent": "agent-tls", "gateway": "gateway-tls", "tempo": "tempo-tls"}
_GIVEN_TO_PROD = {
    "tls.applications": "tls",
    "tls.issuer": None,
    "tls.secrets": _SECRETS | {"tempo_gossip": "gossip-tls"},
}
_WITH_ISSUER = {"tls.otlp": "tls", "tls.issuer": _ISSUER}
_HTTPS = {
    "grafana.prometheus_url": "https://prometheus.monitoring.svc:9090",
    "retention.aggregated_metrics_days": 2,
    "span_metrics.source": "tempo",
}

CASES = (
    Case(
        tls.certificates_have_one_source,
        "dojo",
        {"tls.otlp": "mutual_tls"},
        'tls.issuer: is required by tls.otlp "mutual_tls" with tls.applications "plaintext" with '
        'tls.span_metrics "plaintext" (got nothing; allowed the name of an issuer, or tls.secrets). Add it, '
        "or change tls.otlp or tls.applications or tls.span_metrics.",
        {
            "tls.otlp": "mutual_tls",
            "tls.issuer": {"name": "other", "kind": "Issuer", "group": "awspca.cert-manager.io"},
        },
    ),
    Case(
        tls.certificates_have_one_source,
        "dojo",
        {"tls.issuer": _ISSUER},
        'tls.issuer: does not apply to tls.otlp "plaintext" with tls.applications "plaintext" with '
        'tls.span_metrics "plaintext" (got a value; allowed nothing). Remove it, or change tls.otlp or '
        "tls.applications or tls.span_metrics.",
        {"tls.issuer": _ISSUER, "tls.applications": "tls"},
    ),
    Case(
        tls.certificates_have_one_source,
        "dojo",
        {"tls.secrets": _SECRETS},
        'tls.secrets: does not apply to tls.otlp "plaintext" with tls.applications "plaintext" with '
        'tls.span_metrics "plaintext" (got a value; allowed nothing). Remove it, or change tls.otlp or '
        "tls.applications or tls.span_metrics.",
        {"tls.secrets": _SECRETS, "tls.otlp": "tls"},
    ),
    Case(
        tls.certificates_have_one_source,
        "dojo",
        _WITH_ISSUER | {"tls.secrets": _SECRETS},
        "tls.secrets: names certificates that tls.issuer would sign, too (got both; allowed one of them). "
        "Remove tls.issuer to use the given Secrets, or remove tls.secrets.",
        {"tls.otlp": "tls", "tls.secrets": _SECRETS},
    ),
    Case(
        tls.span_metrics_are_there,
        "dojo",
        UNMONITORED | _WITH_ISSUER | {"tls.span_metrics": "tls"},
        'tls.span_metrics: does not apply to span_metrics.source "none" (got "tls"; allowed nothing). Remove '
        "it, or change span_metrics.source.",
        _WITH_ISSUER,
    ),
    Case(
        tls.authorities_verify_something,
        "dojo",
        {"tls.authority": "roots"},
        'tls.authority: does not apply to tls.otlp "plaintext" with tls.applications "plaintext" with '
        'tls.span_metrics "plaintext" (got "roots"; allowed nothing). Remove it, or change tls.otlp or '
        "tls.applications or tls.span_metrics.",
        _WITH_ISSUER | {"tls.authority": "roots"},
    ),
    Case(
        tls.authorities_verify_something,
        "dojo",
        _WITH_ISSUER | {"tls.applications": "mutual_tls"},
        'tls.applications_authority: is required by tls.applications "mutual_tls" (got nothing; allowed the '
        "name of a Secret). Add it, or change tls.applications.",
        _WITH_ISSUER | {"tls.applications": "mutual_tls", "tls.applications_authority": "applications"},
    ),
    Case(
        tls.authorities_verify_something,
        "dojo",
        _WITH_ISSUER | {"tls.applications": "tls", "tls.applications_authority": "applications"},
        'tls.applications_authority: does not apply to tls.applications "tls" (got "applications"; allowed '
        "nothing). Remove it, or change tls.applications.",
        _WITH_ISSUER | {"tls.applications": "tls"},
    ),
    Case(
        tls.authorities_verify_something,
        "dojo",
        _WITH_ISSUER
        | {"tls.authority": "roots", "tls.applications": "mutual_tls", "tls.applications_authority": "roots"},
        "tls.applications_authority: is the collectors' authority, so an application's certificate would "
        'open gateways and Tempo (got "roots"; allowed another Secret). Sign the applications\' certificates '
        "by an authority of their own, and name its Secret.",
        _WITH_ISSUER
        | {"tls.authority": "roots", "tls.applications": "mutual_tls", "tls.applications_authority": "others"},
    ),
    Case(
        tls.authorities_verify_something,
        "dojo",
        _WITH_ISSUER | {"tls.applications": "mutual_tls", "tls.applications_authority": "otel-gateway-tls"},
        "tls.applications_authority: is the collectors' authority, so an application's certificate would "
        'open gateways and Tempo (got "otel-gateway-tls"; allowed another Secret). Sign the applications\' '
        "certificates by an authority of their own, and name its Secret.",
        _WITH_ISSUER | {"tls.applications": "mutual_tls", "tls.applications_authority": "applications"},
    ),
    Case(
        tls.authorities_verify_something,
        "dojo",
        {
            "tls.otlp": "tls",
            "tls.secrets": _SECRETS,
            "tls.applications": "mutual_tls",
            "tls.applications_authority": "tempo-tls",
        },
        "tls.applications_authority: is the collectors' authority, so an application's certificate would "
        'open gateways and Tempo (got "tempo-tls"; allowed another Secret). Sign the applications\' '
        "certificates by an authority of their own, and name its Secret.",
        {
            "tls.otlp": "tls",
            "tls.secrets": _SECRETS,
            "tls.applications": "mutual_tls",
            "tls.applications_authority": "applications",
        },
    ),
    Case(
        tls.gossip_has_a_certificate_where_it_is,
        "dojo",
        {"tls.otlp": "tls", "tls.secrets": _SECRETS | {"tempo_gossip": "gossip-tls"}},
        'tls.secrets.tempo_gossip: does not apply to tempo.deployment_mode "monolithic" (got "gossip-tls"; '
        "allowed nothing). Remove it, or change tempo.deployment_mode.",
        {"tls.otlp": "tls", "tls.secrets": _SECRETS},
    ),
    Case(
        tls.gossip_has_a_certificate_where_it_is,
        "prod",
        _GIVEN_TO_PROD | {"tls.otlp": "plaintext"},
        'tls.secrets.tempo_gossip: does not apply to tls.otlp "plaintext" (got "gossip-tls"; allowed nothing). '
        "Remove it, or change tls.otlp.",
        _GIVEN_TO_PROD,
    ),
    Case(
        tls.prometheus_is_reached_by_tls,
        "dojo",
        UNMONITORED | {"tls.prometheus_authority": "prometheus-ca"},
        'tls.prometheus_authority: does not apply to grafana.prometheus_url "nothing" (got "prometheus-ca"; '
        "allowed nothing). Remove it, or change grafana.prometheus_url.",
        _HTTPS | {"tls.prometheus_authority": "prometheus-ca"},
    ),
    Case(
        tls.prometheus_is_reached_by_tls,
        "dojo",
        _HTTPS | {"tls.prometheus_client_certificate": True},
        'tls.prometheus_client_certificate: does not apply to tls.otlp "plaintext" (got true; allowed '
        "nothing). Remove it, or change tls.otlp.",
        _WITH_ISSUER | _HTTPS | {"tls.prometheus_client_certificate": True},
    ),
)
