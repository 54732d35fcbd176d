"""Cases of the alerts on generators, span metrics, certificates, containers and volumes."""

from collections.abc import Mapping

from plan.plan import Plan
from settings.stack import StackSettings
from tests.support.alert_cases.case import Case, Firing, Story, counter, gauge, job

TENANT = {"tenant": "backstage"}
_DAY = 86400


def _generator(settings: StackSettings) -> dict[str, str]:
    return {"job": job(settings, "metrics-generator"), "pod": "generator-0", **TENANT}


def _remote_write(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - cases share one signature
    labels = _generator(settings) | {"url": "http://prometheus/api/v1/write"}
    series = (
        counter("prometheus_remote_storage_samples_failed_total", 0, 0, **labels),
        counter("prometheus_remote_storage_samples_retried_total", 0, 600, **labels),
    )
    summary = "generator-0 cannot send 10 samples a second to Prometheus"
    return Story(series=series, fires=(Firing(labels={"pod": "generator-0"}, summary=summary),))


def _series(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    labels = _generator(settings)
    # A limit of 0 is none.
    unlimited = labels | {"tenant": "unlimited"}
    return Story(
        series=(
            gauge("tempo_metrics_generator_registry_active_series", 100, 950, **labels),
            gauge("tempo_metrics_generator_registry_max_active_series", 1000, 1000, **labels),
            gauge("tempo_metrics_generator_registry_active_series", 100, 950, **unlimited),
            gauge("tempo_metrics_generator_registry_max_active_series", 0, 0, **unlimited),
        ),
        fires=(Firing(labels=TENANT, summary="backstage uses 95% of its series"),),
    )


def _service_graphs(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    labels = _generator(settings)
    series = (
        counter("tempo_metrics_generator_processor_service_graphs_dropped_spans", 0, 60, **labels),
        counter("tempo_metrics_generator_spans_received_total", 600, 600, **labels),
    )
    summary = "10% of the spans of backstage are missing in the service map"
    return Story(
        series=series, fires=(Firing(labels=TENANT, summary=summary),), fault_minutes=90, after_minutes=90
    )


def _overflow(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    of_agents = settings.span_metrics.source == "agents"
    by = {"instance": "10.0.0.1:8889"} if of_agents else TENANT
    name, label = "traces_spanmetrics_calls_total", "otel_metric_overflow" if of_agents else "metric_overflow"
    series = (counter(name, 0, 600, **by, **{label: "true"}), counter(name, 600, 600, **by, service="checkout"))
    summary = f"10 spans a second of {next(iter(by.values()))} are counted without their names"
    return Story(series=series, fires=(Firing(labels=by, summary=summary),))


def _expires(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    """A certificate with ten days left is not renewed; the test's time begins at 0."""
    name, ours = "certmanager_certificate_expiration_timestamp_seconds", {"name": "otel-gateway"}
    series = (
        gauge(name, 60 * _DAY, 10 * _DAY, **ours),
        gauge(name, 10 * _DAY, 10 * _DAY, name="a-certificate-of-others"),
    )
    # At minute 179 of the test: 10 days less 2 h 59 min.
    summary = "The certificate otel-gateway expires in 9d 21h 1m 0s"
    return Story(series=series, fires=(Firing(labels=ours, summary=summary),), fault_minutes=120)


def _not_ready(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    name, ours = "certmanager_certificate_ready_status", {"name": "otel-gateway", "condition": "True"}
    summary = "cert-manager cannot issue the certificate otel-gateway"
    return Story(
        series=(gauge(name, 1, 0, **ours),), fires=(Firing(labels=ours, summary=summary),), fault_minutes=45
    )


def _restarting(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    pod = {"pod": "otel-gateway-0", "container": "collector"}
    labels = {"namespace": settings.environment.namespace, **pod}
    series = (counter("kube_pod_container_status_restarts_total", 0, 1, **labels),)
    summary = "collector of otel-gateway-0 restarted 15 times in 15 minutes"
    return Story(series=series, fires=(Firing(labels=pod, summary=summary),))


def _killed(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    pod = {"pod": "otel-gateway-0"}
    held = {"job": job(settings, "otel-gateway"), **pod}
    labels = {"namespace": settings.environment.namespace, "container": "collector", **pod}
    series = (
        gauge("otelcol_processor_tail_sampling_sampling_traces_on_memory", 250, 250, **held),
        counter("kube_pod_container_status_restarts_total", 0, 1, **labels),
        counter("kube_pod_container_status_restarts_total", 0, 1, **labels | {"pod": "otel-agent-x2x4"}),
    )
    summary = "otel-gateway-0 started again and lost at most 250 undecided traces"
    return Story(series=series, fires=(Firing(labels=pod, summary=summary),))


def _volume(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    claim = {"persistentvolumeclaim": "queue-otel-gateway-0"}
    labels = {"namespace": settings.environment.namespace, **claim}
    series = (
        gauge("kubelet_volume_stats_available_bytes", 500, 20, **labels),
        gauge("kubelet_volume_stats_capacity_bytes", 1000, 1000, **labels),
    )
    summary = "2% of the volume queue-otel-gateway-0 is free"
    return Story(series=series, fires=(Firing(labels=claim, summary=summary),))


CASES: Mapping[str, Case] = {
    "TracingRemoteWriteFailing": _remote_write,
    "TracingSeriesLimitNear": _series,
    "TracingServiceGraphsDropSpans": _service_graphs,
    "TracingSpanMetricsOverflow": _overflow,
    "TracingCertificateExpires": _expires,
    "TracingCertificateNotReady": _not_ready,
    "TracingContainerRestarting": _restarting,
    "TracingGatewayKilled": _killed,
    "TracingVolumeFull": _volume,
}
