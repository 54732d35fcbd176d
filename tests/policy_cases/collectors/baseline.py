from dataclasses import replace
from typing import Any

from tests.support.collector_given import collector, collector_config, pipeline, policies, service
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.stacks import merge

_BOUNDS = {"min_percentage": 5, "max_percentage": 20}
_STACK = [collector(), service()]


def _probabilistic(percentage: float, salt: str = "") -> dict[str, Any]:
    settings = {"sampling_percentage": percentage, "hash_salt": salt}
    return {"name": "baseline", "type": "probabilistic", "probabilistic": settings}


def _twice(percentage: float, salt: str = "", tenant: str = "team-long-term") -> Given:
    """Return a collector with a second sampler behind the first, which keeps 10 %."""
    second = {"processors": {"tail_sampling/2": {"policies": [_probabilistic(percentage, salt)]}}}
    headers = {"exporters": {"otlp_grpc/tempo": {"headers": {"x-scope-orgid": tenant}}}}
    order = pipeline(processors=["memory_limiter", "tail_sampling", "tail_sampling/2"])
    return collector_config(merge(merge(second, headers), order))


_GATE = "processor.tailsamplingprocessor.recordpolicy"
_RECORDING = [
    collector(container={"args": ["--config=/etc/otelcol/collector.yaml", f"--feature-gates={_GATE}"]}),
    service(),
]


def _recorded(*names: str, tenant: str = "team-long-term") -> Given:
    """Return a collector that keeps 2 % by `few` and 10 % by `baseline`, and passes on what some policies kept."""
    conditions = [f'scope.attributes["tailsampling.policy"] != "{name}"' for name in names]
    kept = policies(_probabilistic(2) | {"name": "few"}, _probabilistic(10))
    chosen = {"processors": {"filter/tier": {"trace_conditions": [" and ".join(conditions)]}}}
    headers = {"exporters": {"otlp_grpc/tempo": {"headers": {"x-scope-orgid": tenant}}}}
    order = pipeline(processors=["memory_limiter", "tail_sampling", "filter/tier"])
    return collector_config(merge(merge(merge(kept, chosen), headers), order))


CASES = Cases(
    passes=Case([collector_config(), *_STACK], config=_BOUNDS),
    fails=Case(
        [collector_config(policies(_probabilistic(2))), *_STACK],
        config=_BOUNDS,
        says=["Exporter otlp_grpc/tempo in collector.yaml gets 2 % of the traces without an error; 5 to 20 %"],
    ),
    missing=Case(
        [collector_config(pipeline(processors=["memory_limiter"])), *_STACK], config=_BOUNDS, says=["gets 100 %"]
    ),
    unknown=Case(
        [
            collector_config(policies(_probabilistic(2))),
            replace(collector(mounts=UNKNOWN), depends_on={"spec": ["config"]}),
            service(),
        ],
        config=_BOUNDS,
        says=["gets 2 %"],
    ),
    more={
        "none": Case([collector_config(policies()), *_STACK], config=_BOUNDS, says=["gets 0 %"]),
        "all": Case(
            [collector_config(policies({"name": "a", "type": "always_sample"})), *_STACK],
            config=_BOUNDS,
            says=["gets 100 %"],
        ),
        "all without an error": Case(
            [
                collector_config(
                    policies({"name": "a", "type": "status_code", "status_code": {"status_codes": ["UNSET"]}})
                ),
                *_STACK,
            ],
            config=_BOUNDS,
            says=["gets 100 %"],
        ),
        "all, however fast": Case(
            [
                collector_config(policies({"name": "a", "type": "latency", "latency": {"threshold_ms": 0}})),
                *_STACK,
            ],
            config=_BOUNDS,
            says=["gets 100 %"],
        ),
        "the long-term tier": Case([_twice(1), *_STACK], config=_BOUNDS),
        "of the long-term tier too much": Case(
            [_twice(30), *_STACK], config={"max_long_term_percentage": 5}, says=["gets 10 % of the traces"]
        ),
        "what one policy kept": Case(
            [_recorded("few"), *_RECORDING],
            config={"max_long_term_percentage": 1},
            says=["gets 2 % of the traces"],
        ),
        "what is left for the second policy": Case(
            [_recorded("baseline"), *_RECORDING], config={"max_long_term_percentage": 1}, says=["gets 8 %"]
        ),
        "what both policies kept": Case(
            [_recorded("few", "baseline"), *_RECORDING], config={"max_long_term_percentage": 1}, says=["gets 10 %"]
        ),
        "what no policy kept": Case([_recorded("other"), *_RECORDING], config=_BOUNDS, says=["gets 0 %"]),
        "what is not recorded": Case([_recorded("few"), *_STACK], config=_BOUNDS, says=["gets 0 %"]),
        "samplers that hash differently": Case(
            [_twice(1, "salt"), *_STACK], config={"min_long_term_percentage": 0.5}, says=["gets 0.1 %"]
        ),
        "by the id alone, too": Case(
            [
                collector_config(
                    merge(
                        {"processors": {"probabilistic_sampler": {"sampling_percentage": 10}}},
                        pipeline(processors=["tail_sampling", "probabilistic_sampler"]),
                    )
                ),
                *_STACK,
            ],
            config=_BOUNDS,
            says=["gets 1 %"],
        ),
        "to another collector": Case(
            [
                collector_config(
                    merge(
                        {"exporters": {"otlp_grpc/tempo": {"endpoint": "gateway.tracing.svc:4317"}}},
                        pipeline(processors=["memory_limiter"]),
                    )
                ),
                *_STACK,
            ],
            config=_BOUNDS,
        ),
    },
)
