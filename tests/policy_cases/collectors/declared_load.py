from typing import Any

from tests.support.collector_given import collector, collector_config
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.stacks import as_config, sections

# 200 new traces/s, with a headroom of 1.5, wait for 10 s and a tick: 3 300 traces.
_LOAD = as_config(sections("dojo", {"load.peak_spans_per_second": 2000, "load.spans_per_trace": 10}))


def _sampler(**settings: Any) -> dict[str, Any]:
    return {"processors": {"tail_sampling": settings}}


_ENOUGH = _sampler(num_traces=3300)

CASES = Cases(
    passes=Case([collector_config(_ENOUGH), collector()], stack_config=_LOAD),
    fails=Case(
        [collector_config(), collector()],
        stack_config=_LOAD,
        says=["tail_sampling in collector.yaml holds 2000 traces; at the declared peak 3300 wait"],
    ),
    missing=Case([collector_config(_sampler(num_traces=None)), collector()], stack_config=_LOAD),  # the default
    unknown=Case(
        [collector_config(_ENOUGH), collector(container={"resources": {"limits": {"memory": UNKNOWN}}})],
        stack_config=_LOAD,
        says=["memory is not known"],
    ),
    more={
        "a longer wait": Case(
            [collector_config(_sampler(num_traces=3300, decision_wait="20s")), collector()],
            stack_config=_LOAD,
            says=["6300 wait for their decision"],
        ),
        "few decisions remembered": Case(
            [
                collector_config(_sampler(num_traces=3300, decision_cache={"sampled_cache_size": 100})),
                collector(),
            ],
            stack_config=_LOAD,
            says=["remembers 100 decisions to keep; late spans need 3300"],
        ),
        "little memory": Case(
            [collector_config(_ENOUGH), collector(container={"resources": {"limits": {"memory": "64Mi"}}})],
            stack_config=_LOAD,
            says=["It refuses spans above 38 MiB; the declared peak needs 66 MiB"],
        ),
        "no declared load": Case(
            [collector_config(), collector()], says=["the stack's configuration is not valid"]
        ),
    },
)
