"""Objects that do not fit each other, the namespace or the cluster."""

from tests.seeds.seed import Added, Inputs, Seed, at, both, drop, put

_DEFAULT = {"metadata": {"name": "notes", "namespace": "default"}, "data": {"a": "b"}}


def _not_enforced(labels: Inputs) -> Inputs:
    """Return the labels of a namespace that only warns of Pods outside the profile."""
    return {name: value for name, value in labels.items() if name != "pod-security.kubernetes.io/enforce"}


SEEDS = (
    Seed(
        name="a ConfigMap is larger than the API server accepts",
        rule="config-maps-fit-the-api",
        resource="tempo-overrides",
        says="the largest size is 1000000",
        stack="staging",
        edits={"tempo-overrides": put("data.notes", "x" * 1_100_000)},
    ),
    Seed(
        name="the namespace lets privileged Pods in",
        rule="namespaces-enforce-restricted",
        resource="tracing-namespace",
        says="enforces no profile; only restricted",
        edits={"tracing-namespace": at("metadata.labels", _not_enforced)},
    ),
    Seed(
        name="an object is in the default namespace",
        rule="objects-have-own-namespace",
        resource="notes",
        says="in the namespace default, which is shared",
        added=(Added("kubernetes:core/v1:ConfigMap", "notes", _DEFAULT, like="gateway-config"),),
    ),
    Seed(
        name="a workload selects Pods that it does not make",
        rule="workloads-select-their-pods",
        resource="agent-daemon",
        says="does not select the workload's own Pods",
        stack="dojo",
        edits={"agent-daemon": put("spec.selector.matchLabels.part", "agent")},
    ),
    Seed(
        name="a Service leads to a port that Pods lack",
        rule="services-reach-pods",
        resource="tempo-query-frontend-service",
        says="Port http leads to a port that no container of tempo-query-frontend declares",
        edits={"tempo-query-frontend-service": put("spec.ports.0.targetPort", "web")},
    ),
    Seed(
        name="a Service selects Pods by a label that none has",
        rule="services-reach-pods",
        resource="tempo-gossip",
        says="selects no Pods of this stack",
        edits={"tempo-gossip": put("spec.selector", {"tempo-gossip-member": "yes"})},
    ),
    Seed(
        name="a ServiceMonitor scrapes a port that is not there",
        rule="monitors-reach-services",
        resource="gateway-monitor",
        says="No Service that it selects has the port http-metrics",
        edits={"gateway-monitor": put("spec.endpoints.0.port", "http-metrics")},
    ),
    Seed(
        name="a ServiceMonitor selects no Service",
        rule="monitors-reach-services",
        resource="tempo-querier-monitor",
        says="selects no Service of this stack",
        edits={"tempo-querier-monitor": put("spec.selector.matchLabels.app", "querier")},
    ),
    Seed(
        name="an autoscaler scales what does not exist",
        rule="autoscalers-own-replicas",
        resource="tempo-querier-autoscaler",
        says="scales no workload of this stack",
        edits={"tempo-querier-autoscaler": put("spec.scaleTargetRef.name", "querier")},
    ),
    Seed(
        name="a budget lets no node be drained",
        rule="budgets-leave-room",
        resource="gateway-budget",
        says="lets none of its 3 Pods be evicted",
        edits={"gateway-budget": both(drop("spec.maxUnavailable"), put("spec.minAvailable", 3))},
    ),
    Seed(
        name="a drain may take two ingesters at once",
        rule="budgets-leave-room",
        resource="tempo-ingester-budget",
        says="lets 2 of its 3 Pods be evicted at once",
        edits={"tempo-ingester-budget": put("spec.maxUnavailable", 2)},
    ),
    Seed(
        name="a drain may take all distributors at once",
        rule="budgets-leave-room",
        resource="tempo-distributor-server",
        says="no budget selects them",
        removed=("tempo-distributor-budget",),
    ),
    Seed(
        name="a Pod that never gets ready blocks a drain",
        rule="budgets-leave-room",
        resource="tempo-memcached-budget",
        says="unhealthyPodEvictionPolicy is not AlwaysAllow",
        edits={"tempo-memcached-budget": drop("spec.unhealthyPodEvictionPolicy")},
    ),
)
