from typing import Any

from tests.support.collector_given import collector, collector_config, service
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given


def _metrics(**settings: Any) -> Given:
    return collector_config({"service": {"telemetry": {"metrics": settings}}})


def _prometheus(**settings: Any) -> list[dict[str, Any]]:
    return [{"pull": {"exporter": {"prometheus": settings}}}]


CASES = Cases(
    passes=Case([collector_config(), collector(), service()]),
    fails=Case(
        [_metrics(level="none"), collector(), service()],
        says=["The collector of gateway exposes no metrics of its own (level: none)"],
    ),
    missing=Case(
        [collector_config({"service": {"telemetry": None}}), collector(), service()],
        says=["exposes its own metrics to nobody outside its Pod"],
    ),
    unknown=Case(
        [collector_config(), collector(), service(ports=[{"port": 8888, "targetPort": UNKNOWN}])],
        says=["targetPort is not known"],
    ),
    more={
        "inside the Pod": Case(
            [_metrics(readers=_prometheus(host="localhost", port=8888)), collector(), service()],
            says=["to nobody outside its Pod"],
        ),
        "at another port": Case(
            [_metrics(readers=_prometheus(host="", port=9999)), collector(), service()],
            says=["exposes its own metrics at port 9999, which no Service has"],
        ),
        "without a Service": Case([collector_config(), collector()], says=["which no Service has"]),
        "a port by its number": Case([collector_config(), collector(), service(ports=[{"port": 8888}])]),
    },
)
