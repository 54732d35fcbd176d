"""Cases of `settings/checks/span_metrics.py`."""

from settings.checks import span_metrics
from tests.support.stacks import ABSENT
from tests.unit.settings.cases import Case

CASES = (
    Case(
        span_metrics.span_metrics_reach_prometheus,
        "prod",
        {"grafana.service_monitors": False},
        "span_metrics.source: has metrics that Prometheus does not get: nothing scrapes them without "
        'grafana.service_monitors (got "agents"; allowed "none"). Set grafana.service_monitors, or choose another '
        "source.",
        {"grafana.service_monitors": False, "span_metrics.source": "tempo"},
    ),
    Case(
        span_metrics.span_metrics_reach_prometheus,
        "prod",
        {"span_metrics.source": "tempo", "grafana.prometheus_url": ABSENT},
        "span_metrics.source: has metrics that Prometheus does not get: Tempo sends them nowhere without "
        'grafana.prometheus_url (got "tempo"; allowed "none"). Set grafana.prometheus_url, or choose another '
        "source.",
        {"grafana.prometheus_url": ABSENT},
    ),
    Case(
        span_metrics.dimensions_have_an_effect,
        "prod",
        {"span_metrics.source": "tempo", "span_metrics.dimensions": ["http.route"]},
        'span_metrics.dimensions: does not apply to span_metrics.source "tempo" (got ["http.route"]; allowed '
        "nothing). Remove it, or set span_metrics.source to agents.",
        {"span_metrics.dimensions": ["http.route"]},
    ),
    Case(
        span_metrics.dimensions_are_listed_once,
        "prod",
        {"span_metrics.dimensions": ["http.route", "error.type", "http.route"]},
        'span_metrics.dimensions: lists http.route more than once (got ["http.route", "error.type", '
        '"http.route"]; allowed each attribute once). Remove the repetition.',
        {"span_metrics.dimensions": ["http.route", "error.type"]},
    ),
)
