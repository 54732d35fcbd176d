from dataclasses import replace
from typing import Any

from tests.support.collector_given import collector, collector_config
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.stacks import as_config, sections

_LOAD = as_config(
    sections("prod", {"load.peak_spans_per_second": 40_000, "load.headroom": 1.0, "load.nodes": 4}),
)
_NO_SAMPLER = {"service": {"pipelines": {"traces": {"processors": ["memory_limiter", "batch"]}}}}


def _cpu(request: Any, limit: Any) -> dict[str, Any]:
    return {"resources": {"requests": {"cpu": request}, "limits": {"cpu": limit, "memory": "1Gi"}}}


def _agent(request: str, limit: str) -> list[Given]:
    one = collector("agent", container=_cpu(request, limit))
    return [collector_config(_NO_SAMPLER), replace(one, type="kubernetes:apps/v1:DaemonSet")]


_ENOUGH = _cpu("3", "8")

CASES = Cases(
    passes=Case([collector_config(), collector(container=_ENOUGH)], stack_config=_LOAD),
    fails=Case(
        [collector_config(), collector(container=_cpu("100m", "8"))],
        stack_config=_LOAD,
        says=["It requests 100 millicores; at the declared peak it takes"],
    ),
    # Without a limit it is not throttled, but without a request it starves.
    missing=Case([collector_config(), collector()], stack_config=_LOAD, says=["It requests 0 millicores"]),
    unknown=Case(
        [collector_config(), collector(container=_cpu("3", UNKNOWN))],
        stack_config=_LOAD,
        says=["cpu is not known"],
    ),
    more={
        "a limit below an incident": Case(
            [collector_config(), collector(container=_cpu("100m", "200m"))],
            stack_config=_LOAD,
            says=[
                "It requests 100 millicores; at the declared peak it takes",
                "It may use 200 millicores; in an incident at the declared peak it takes",
            ],
        ),
        "the limit is the request where there is none": Case(
            [
                collector_config(),
                collector(container={"resources": {"limits": {"cpu": "8", "memory": "1Gi"}}}),
            ],
            stack_config=_LOAD,
        ),
        "an agent that has enough": Case(_agent("1", "4"), stack_config=_LOAD),
        "an agent that starves": Case(
            _agent("50m", "60m"),
            stack_config=_LOAD,
            says=[
                "It requests 50 millicores; on an average node at the declared peak it takes",
                "It may use 60 millicores; on the busiest node at the declared peak it takes",
            ],
        ),
        "a collector that is neither": Case([collector_config(_NO_SAMPLER), collector()], stack_config=_LOAD),
        "no declared load": Case(
            [collector_config(), collector(container=_ENOUGH)], says=["the stack's configuration is not valid"]
        ),
    },
)
