"""Cases of `settings/checks/grafana.py`."""

from settings.checks import grafana
from tests.support.stacks import ABSENT
from tests.unit.settings.cases import Case

_LOGS = {"grafana.datasources": ["tempo", "logs"]}

CASES = (
    Case(
        grafana.datasources_have_an_address,
        "prod",
        {"grafana.datasources": ["prometheus"], "grafana.prometheus_url": ABSENT, "span_metrics.source": "agents"},
        'grafana.prometheus_url: is required by grafana.datasources "prometheus" (got nothing; allowed a URL). '
        "Add it, or change grafana.datasources.",
        {"grafana.datasources": ["prometheus"]},
    ),
    Case(
        grafana.datasources_have_an_address,
        "prod",
        _LOGS,
        'grafana.logs_url: is required by grafana.datasources "tempo, logs" (got nothing; allowed a URL). Add it, '
        "or change grafana.datasources.",
        {**_LOGS, "grafana.logs_url": "http://loki.logging.svc:3100"},
    ),
    Case(
        grafana.datasources_have_an_address,
        "prod",
        {"grafana.logs_url": "http://loki.logging.svc:3100"},
        'grafana.logs_url: does not apply to grafana.datasources "tempo" (got "http://loki.logging.svc:3100"; '
        "allowed nothing). Remove it, or change grafana.datasources.",
        {**_LOGS, "grafana.logs_url": "http://loki.logging.svc:3100"},
    ),
    Case(
        grafana.datasources_are_listed_once,
        "prod",
        {"grafana.datasources": ["tempo", "tempo"]},
        'grafana.datasources: lists tempo more than once (got ["tempo", "tempo"]; allowed each datasource once). '
        "Remove the repetition.",
        {"grafana.datasources": ["tempo"]},
    ),
)
