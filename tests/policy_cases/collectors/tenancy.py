from collections.abc import Mapping, Sequence
from typing import Any

from tests.support.collector_given import collector, collector_config, pipeline, service
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.stacks import merge
from tests.support.tempo_given import config_map

_TENANT = 'resource.attributes["k8s.namespace.name"] != "team"'
_FILTER = {"processors": {"filter": {"trace_conditions": [_TENANT]}}}
_DELETE = {"action": "delete", "pattern": r"^(k8s\.namespace\.name|k8s\.pod\.uid)$$"}
_KUBERNETES = {
    "extract": {"metadata": ["k8s.namespace.name"]},
    "pod_association": [{"sources": [{"from": "connection"}]}],
}
_ORDER = ("memory_limiter", "resource", "k8s_attributes")


def _agent(
    kubernetes: Mapping[str, Any] = _KUBERNETES,
    actions: Sequence[Mapping[str, Any]] = (_DELETE,),
    order: Sequence[str] = _ORDER,
) -> list[Given]:
    """Return an agent that sends to the gateway."""
    processors = {"processors": {"resource": {"attributes": list(actions)}, "k8s_attributes": dict(kubernetes)}}
    to_gateway = {"exporters": {"otlp_grpc/tempo": {"endpoint": "gateway.tracing.svc:4317"}}}
    changes = merge(merge(processors, to_gateway), pipeline(processors=order))
    return [collector_config(changes, "agent-config"), collector("agent", "agent-config")]


_GATEWAY = [collector_config(_FILTER), collector(), service()]
_COPIED = {"extensions": {"headers_setter": {"headers": [{"key": "X-Scope-OrgID", "from_context": "tenant"}]}}}

CASES = Cases(
    passes=Case([*_GATEWAY, *_agent()]),
    fails=Case(
        [*_GATEWAY, *_agent(actions=[])],
        says=["Nothing deletes the sender's k8s.namespace.name, which decides the tenant, in collector.yaml"],
    ),
    missing=Case(
        [*_GATEWAY, *_agent(order=["memory_limiter"])],
        says=["No k8s_attributes processor sets k8s.namespace.name, which decides the tenant"],
    ),
    unknown=Case([config_map("config", "collector.yaml", UNKNOWN)], says=["data.collector.yaml is not known"]),
    more={
        "deleted too late": Case(
            [*_GATEWAY, *_agent(order=["k8s_attributes", "resource"])], says=["Nothing deletes the sender's"]
        ),
        "deleted by its key": Case(
            [*_GATEWAY, *_agent(actions=[{"action": "delete", "key": "k8s.namespace.name"}])],
            says=["Nothing deletes the sender's"],
        ),
        "the sender chooses its Pod": Case(
            [
                *_GATEWAY,
                *_agent(
                    _KUBERNETES
                    | {
                        "pod_association": [{"sources": [{"from": "resource_attribute", "name": "k8s.pod.ip"}]}],
                    }
                ),
            ],
            says=["The sender's k8s.pod.ip chooses the Pod"],
        ),
        "the default of association": Case(
            [*_GATEWAY, *_agent({"extract": {"metadata": ["k8s.namespace.name"]}})],
            says=["The sender's k8s.pod.ip chooses the Pod"],
        ),
        "spans enter by the gateway": Case(_GATEWAY, says=["No k8s_attributes processor sets"]),
        "no tenants": Case([collector_config(), collector(), service(), *_agent(actions=[])]),
        "a header of the sender": Case(
            [collector_config(_COPIED)],
            says=["headers_setter in collector.yaml copies the tenant from the sender (from_context)"],
        ),
    },
)
