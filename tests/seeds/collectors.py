"""Collectors that lose spans, let secrets pass or trust senders."""

from typing import Any

from tests.seeds.seed import Seed, at, both, drop, in_yaml, put

_FILE = "data/collector.yaml"
_SLOW = {"name": "slow-too", "type": "latency", "latency": {"threshold_ms": 1000}}
_POD = "spec.template.spec"


def _without(name: str) -> Any:
    return lambda names: [one for one in names if one != name]


def _errors_only_if_slow(policies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"name": "errors", "type": "and", "and": {"and_sub_policy": [policy, _SLOW]}}
        if policy["name"] == "errors"
        else policy
        for policy in policies
    ]


SEEDS = (
    Seed(
        name="traces with errors are kept only if they are slow, too",
        rule="collectors-keep-errors",
        resource="gateway-config",
        says="No policy of tail_sampling in collector.yaml keeps every trace with the status ERROR",
        edits={
            "gateway-config": in_yaml(
                _FILE,
                at("processors.tail_sampling.policies", _errors_only_if_slow),
            )
        },
    ),
    Seed(
        name="a policy drops what another keeps",
        rule="collectors-keep-errors",
        resource="gateway-config",
        says="Policy noise of tail_sampling in collector.yaml drops traces with errors",
        stack="staging",
        edits={
            "gateway-config": in_yaml(
                _FILE,
                put(
                    "processors.tail_sampling.policies.1",
                    {
                        "name": "noise",
                        "type": "string_attribute",
                        "string_attribute": {"key": "http.route", "values": ["/health"], "invert_match": True},
                    },
                ),
            )
        },
    ),
    Seed(
        name="half of prod's traffic is kept",
        rule="collectors-keep-a-baseline",
        resource="gateway-config",
        says="gets 50 % of the traces without an error; 5 to 20 %",
        settings={
            "sampling.baseline_percentage": 50,
            "tempo.volume_size_gib": 200,
            "collectors.gateway.cpu_request_millicores": 2000,
        },
    ),
    Seed(
        name="no ordinary trace is kept",
        rule="collectors-keep-a-baseline",
        resource="gateway-config",
        says="gets 0 % of the traces without an error",
        stack="dojo",
        settings={"sampling.baseline_percentage": 0},
    ),
    Seed(
        name="the sampler's table is a tenth of the declared peak",
        rule="collectors-hold-the-declared-load",
        resource="gateway-config",
        says="tail_sampling in collector.yaml holds 7500 traces; at the declared peak 80000 wait",
        edits={"gateway-config": in_yaml(_FILE, put("processors.tail_sampling.num_traces", 7500))},
    ),
    Seed(
        name="one gateway is left for the traffic of three",
        rule="collectors-hold-the-declared-load",
        resource="gateway-server",
        says="the declared peak needs",
        edits={"gateway-server": put("spec.replicas", 1)},
    ),
    Seed(
        name="the gateways have half of the memory that the load needs",
        rule="collectors-hold-the-declared-load",
        resource="gateway-server",
        says="the declared peak needs",
        edits={"gateway-server": put(f"{_POD}.containers.0.resources.limits.memory", "1024Mi")},
    ),
    Seed(
        name="the gateways may use a quarter of the CPU that an incident takes",
        rule="collectors-have-cpu-for-the-declared-load",
        resource="gateway-server",
        says="in an incident at the declared peak it takes",
        edits={"gateway-server": put(f"{_POD}.containers.0.resources.limits.cpu", "200m")},
    ),
    Seed(
        name="the gateway's limiter is above its container's limit",
        rule="collectors-limit-memory-below-the-container",
        resource="gateway-config",
        says="of the container's memory; at most 85 %",
        stack="staging",
        edits={"gateway-config": in_yaml(_FILE, put("processors.memory_limiter.limit_mib", 4096))},
    ),
    Seed(
        name="the agent's limiter is not first",
        rule="collectors-limit-memory-first",
        resource="agent-config",
        says="Pipeline traces in collector.yaml does not begin with memory_limiter",
        edits={
            "agent-config": in_yaml(
                _FILE,
                at("service.pipelines.traces.processors", lambda names: [*names[1:], names[0]]),
            )
        },
    ),
    Seed(
        name="nothing scrubs spans",
        rule="collectors-mask-secrets",
        resource="gateway-config",
        says="does not mask attribute http.request.header.authorization",
        edits={
            "gateway-config": in_yaml(
                _FILE, at("service.pipelines.traces.processors", _without("redaction/names"))
            )
        },
    ),
    Seed(
        name="a copy of the spans leaves before they are scrubbed",
        rule="collectors-mask-secrets",
        resource="agent-config",
        says="On the way to otlp_http/vendor collector.yaml does not mask",
        stack="staging",
        edits={
            "agent-config": in_yaml(
                _FILE,
                both(
                    put("exporters.otlp_http/vendor", {"endpoint": "https://traces.example.org"}),
                    at("service.pipelines.traces.exporters", lambda names: [*names, "otlp_http/vendor"]),
                ),
            )
        },
    ),
    Seed(
        name="passwords in attributes are no longer masked",
        rule="collectors-mask-secrets",
        resource="gateway-config",
        says="attribute password",
        stack="dojo",
        edits={"gateway-config": in_yaml(_FILE, drop("processors.redaction/names.blocked_key_patterns.0"))},
    ),
    Seed(
        name="the agent's queue is in memory",
        rule="collectors-queue-on-disk",
        resource="agent-config",
        says="The queue of load_balancing in collector.yaml is not on disk",
        edits={"agent-config": in_yaml(_FILE, drop("exporters.load_balancing.sending_queue.storage"))},
    ),
    Seed(
        name="the volume is smaller than the queues on it",
        rule="collectors-queue-on-disk",
        resource="gateway-server",
        says="The files of the queues take up to 48512 MiB of a volume of 10240 MiB",
        edits={"gateway-server": put("spec.volumeClaimTemplates.0.spec.resources.requests.storage", "10Gi")},
    ),
    Seed(
        name="the file of the agent's queue grows without end",
        rule="collectors-queue-on-disk",
        resource="agent-config",
        says="file_storage in collector.yaml has no max_size",
        edits={"agent-config": in_yaml(_FILE, drop("extensions.file_storage.max_size"))},
    ),
    Seed(
        name="the agent's volume has no size",
        rule="collectors-queue-on-disk",
        resource="agent-daemon",
        says="The volume of the queues (emptyDir) has no size",
        stack="staging",
        edits={"agent-daemon": put(f"{_POD}.volumes.1.emptyDir", {})},
    ),
    Seed(
        name="spans are dropped after five minutes without Tempo",
        rule="collectors-retry-without-end",
        resource="gateway-config",
        says="Exporter otlp_grpc/argocd in collector.yaml drops spans after trying for 300 s",
        edits={
            "gateway-config": in_yaml(_FILE, drop("exporters.otlp_grpc/argocd.retry_on_failure.max_elapsed_time"))
        },
    ),
    Seed(
        name="applications say in which namespace they are",
        rule="collectors-take-tenants-from-kubernetes",
        resource="agent-config",
        says="Nothing deletes the sender's k8s.namespace.name, which decides the tenant",
        edits={
            "agent-config": in_yaml(
                _FILE, put("processors.resource/claims.attributes.0.pattern", r"^k8s\.pod\.ip$$")
            )
        },
    ),
    Seed(
        name="applications say which Pod they are",
        rule="collectors-take-tenants-from-kubernetes",
        resource="agent-config",
        says="The sender's host.name chooses the Pod",
        stack="staging",
        edits={
            "agent-config": in_yaml(
                _FILE,
                at(
                    "processors.k8s_attributes.pod_association",
                    lambda found: [{"sources": [{"from": "resource_attribute", "name": "host.name"}]}, *found],
                ),
            )
        },
    ),
    Seed(
        name="the tenant is copied from the request",
        rule="collectors-take-tenants-from-kubernetes",
        resource="gateway-config",
        says="headers_setter in collector.yaml copies the tenant from the sender",
        edits={
            "gateway-config": in_yaml(
                _FILE,
                put(
                    "extensions.headers_setter",
                    {"headers": [{"key": "X-Scope-OrgID", "from_context": "x-scope-orgid"}]},
                ),
            )
        },
    ),
    Seed(
        name="a collector shows nothing of itself",
        rule="collectors-expose-their-metrics",
        resource="agent-config",
        says="The collector of agent-daemon exposes no metrics of its own",
        edits={"agent-config": in_yaml(_FILE, put("service.telemetry.metrics.level", "none"))},
    ),
    Seed(
        name="a collector's metrics stay in its Pod",
        rule="collectors-expose-their-metrics",
        resource="gateway-config",
        says="exposes its own metrics to nobody outside its Pod",
        stack="staging",
        edits={
            "gateway-config": in_yaml(
                _FILE, put("service.telemetry.metrics.readers.0.pull.exporter.prometheus.host", "localhost")
            )
        },
    ),
    Seed(
        name="Tempo gets traces one by one",
        rule="collectors-limit-batches",
        resource="gateway-config",
        says="Exporter otlp_grpc/tempo in collector.yaml gets no batches",
        stack="dojo",
        edits={
            "gateway-config": in_yaml(
                _FILE,
                both(
                    drop("exporters.otlp_grpc/tempo.sending_queue.batch"),
                    drop("processors.batch.send_batch_max_size"),
                ),
            )
        },
    ),
    Seed(
        name="spans are printed",
        rule="collectors-print-no-spans",
        resource="gateway-config",
        says="Exporter debug in collector.yaml writes spans to a log",
        stack="staging",
        edits={
            "gateway-config": in_yaml(
                _FILE,
                at("service.pipelines.traces/shared.exporters", lambda names: [*names, "debug"]),
            )
        },
    ),
    Seed(
        name="a flag replaces a part of the file",
        rule="collectors-have-their-settings-in-a-file",
        resource="agent-daemon",
        says="It is configured by --set beside its file",
        edits={
            "agent-daemon": at(
                f"{_POD}.containers.0.args", lambda args: [*args, "--set=processors.memory_limiter.limit_mib=9000"]
            )
        },
    ),
    Seed(
        name="Tempo counts the spans that agents count",
        rule="span-metrics-have-one-owner",
        resource="tempo-overrides",
        says="Tempo makes span metrics, as the collector of agent-daemon does",
        edits={
            "tempo-overrides": in_yaml(
                "data/overrides.yaml",
                put("overrides.backstage.metrics_generator.processors", ["service-graphs", "span-metrics"]),
            )
        },
    ),
    Seed(
        name="names of spans decide how many series there are",
        rule="span-metrics-have-one-owner",
        resource="agent-config",
        says="has no aggregation_cardinality_limit",
        edits={"agent-config": in_yaml(_FILE, drop("connectors.span_metrics.aggregation_cardinality_limit"))},
    ),
    Seed(
        name="the agents pass what Tempo refuses",
        rule="collectors-drop-invalid-spans",
        resource="agent-config",
        says="Exporter load_balancing in collector.yaml gets spans with an all-zero span id",
        edits={
            "agent-config": in_yaml(_FILE, at("service.pipelines.traces.processors", _without("filter/invalid")))
        },
    ),
    Seed(
        name="agents retry every second",
        rule="collectors-back-off",
        resource="agent-config",
        says="Exporter load_balancing in collector.yaml pauses no longer after each refusal",
        edits={"agent-config": in_yaml(_FILE, drop("exporters.load_balancing.retry_on_failure.multiplier"))},
    ),
    Seed(
        name="applications may send larger requests than gateways",
        rule="collectors-bound-requests",
        resource="agent-config",
        says="Receiver otlp in collector.yaml accepts 20 MiB over http",
        edits={"agent-config": in_yaml(_FILE, drop("receivers.otlp.protocols.http.max_request_body_size"))},
    ),
)
