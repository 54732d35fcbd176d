"""Cases of `settings/checks/slos.py`."""

from settings.checks import slos
from tests.support.stacks import ABSENT
from tests.unit.settings.cases import Case

CHECKOUT = {"service": "checkout", "availability_percentage": 99.5}

CASES = (
    Case(
        slos.slos_count_every_request,
        "prod",
        {"slos.enabled": True, "span_metrics.source": "tempo"},
        'slos.enabled: needs every span counted: span_metrics.source "tempo" counts kept spans only, of which too '
        "many are failed (got true; allowed false). Set span_metrics.source to agents, or slos.enabled to false.",
        {"span_metrics.source": "tempo"},
    ),
    Case(
        slos.slos_count_every_request,
        "prod",
        {"slos.enabled": True, "span_metrics.source": "none", "retention.aggregated_metrics_days": ABSENT},
        'slos.enabled: needs every span counted: span_metrics.source "none" counts nothing (got true; allowed '
        "false). Set span_metrics.source to agents, or slos.enabled to false.",
        {"slos.enabled": True},
    ),
    Case(
        slos.slos_are_evaluated,
        "prod",
        {"slos.enabled": True, "alerts.delivery": "none"},
        'slos.enabled: needs recording rules: with alerts.delivery "none" nobody evaluates them (got true; '
        "allowed false). Set alerts.delivery, or slos.enabled to false.",
        {"alerts.delivery": "none", "slos.enabled": False},
    ),
    Case(
        slos.objectives_are_stated_once,
        "prod",
        {"slos.services": [CHECKOUT, CHECKOUT | {"availability_percentage": 99.9}]},
        'slos.services: lists a service twice (got "checkout"; allowed each service once). Join its objectives.',
        {"slos.services": [CHECKOUT, {"service": "cart", "latency_threshold_ms": 256}]},
    ),
    Case(
        slos.span_kinds_are_listed_once,
        "prod",
        {"slos.span_kinds": ["server", "server"]},
        'slos.span_kinds: repeats a kind (got ["server", "server"]; allowed each kind once). Remove the '
        "repetition.",
        {"slos.span_kinds": ["server"]},
    ),
)
