from collections.abc import Mapping
from typing import Any

from render.collectors.scrubbing import scrubbing
from settings.scrubbing import Scrubbing
from tests.support.collector_given import collector, collector_config, pipeline, service
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.stacks import merge
from tests.support.tempo_given import config_map

_SCRUBBING = scrubbing(Scrubbing())
_ORDER = ("memory_limiter", *_SCRUBBING, "batch")


def _gateway(changes: Mapping[str, Any] | None = None, order: tuple[str, ...] = _ORDER) -> Given:
    """Return a collector with this product's processors, changed."""
    return collector_config(merge(merge({"processors": _SCRUBBING}, pipeline(processors=order)), changes or {}))


def _names(**settings: Any) -> Mapping[str, Any]:
    return {"processors": {"redaction/names": settings}}


def _tokens(**settings: Any) -> Mapping[str, Any]:
    return {"processors": {"redaction/tokens": settings}}


_PODS = [collector(container={"args": ["--feature-gates=ottl.set.allowNil"]}), service()]
_FORK = {
    "connectors": {"forward": {}},
    "exporters": {"otlp_grpc/raw": {"endpoint": "tempo:4317"}},
    "service": {
        "pipelines": {
            "traces": {"processors": ["memory_limiter"], "exporters": ["forward", "otlp_grpc/raw"]},
            "traces/masked": {
                "receivers": ["forward"],
                "processors": _ORDER[1:],
                "exporters": ["otlp_grpc/tempo"],
            },
        }
    },
}
_IN_TWO_STEPS = merge(
    _FORK, {"service": {"pipelines": {"traces": {"processors": ["memory_limiter"], "exporters": ["forward"]}}}}
)

CASES = Cases(
    passes=Case([_gateway(), *_PODS]),
    fails=Case(
        [_gateway(order=("memory_limiter", "batch")), *_PODS],
        says=[
            "otlp_grpc/tempo collector.yaml does not mask attribute http.request.header.authorization",
        ],
    ),
    missing=Case([_gateway(_names(blocked_key_patterns=None)), *_PODS], says=["does not mask attribute"]),
    unknown=Case(
        [config_map("config", "collector.yaml", UNKNOWN), *_PODS], says=["data.collector.yaml is not known"]
    ),
    more={
        "after one of two exporters": Case(
            [_gateway(_FORK), *_PODS], says=["On the way to otlp_grpc/raw collector.yaml does not mask"]
        ),
        "behind a connector": Case([_gateway(_IN_TWO_STEPS), *_PODS]),
        "values": Case(
            [_gateway(_tokens(blocked_values=["(?i)bearer .*"])), *_PODS],
            says=["a JSON Web Token in attributes"],
        ),
        "ignored keys": Case(
            [_gateway(_names(ignored_key_patterns=["^password$$"])), *_PODS], says=["attribute password"]
        ),
        "allowed values": Case([_gateway(_tokens(allowed_values=[".*"])), *_PODS], says=["does not mask"]),
        "names": Case(
            [_gateway({"processors": {"transform/scrub": {"trace_statements": []}}}), *_PODS],
            says=["a bearer token in names of spans"],
        ),
        "links that are not dropped": Case(
            [_gateway(), collector(), service()],
            says=[
                "transform/scrub in collector.yaml sets links to nil, which does nothing without the feature gate"
            ],
        ),
        "links of an environment that keeps them": Case(
            [_gateway({"processors": scrubbing(Scrubbing(drop_links=False))}), collector(), service()]
        ),
        "no expression": Case(
            [_gateway(_names(blocked_key_patterns=["("])), *_PODS], says=["is no regular expression that this"]
        ),
        "to another collector": Case(
            [
                _gateway(
                    {"exporters": {"otlp_grpc/tempo": {"endpoint": "gateway.tracing.svc:4317"}}},
                    order=("memory_limiter",),
                ),
                *_PODS,
            ]
        ),
    },
)
