"""Cases of the alerts on what collectors receive and route."""

from collections.abc import Mapping

from plan.plan import Plan
from settings.stack import StackSettings
from tests.support.alert_cases.case import Case, Firing, Story, counter, gauge, job

AGENT, GATEWAY = {"pod": "otel-agent-a"}, {"pod": "otel-gateway-0"}


def _refuses(collector: str, pod: Mapping[str, str]) -> Case:
    def case(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - cases share one signature
        labels = {"job": job(settings, collector), "receiver": "otlp", "transport": "grpc", **pod}
        summary = f"{pod['pod']} refuses 10 spans a second"
        series = (counter("otelcol_receiver_refused_spans_total", 0, 600, **labels),)
        return Story(series=series, fires=(Firing(labels=pod, summary=summary),))

    return case


def _invalid(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    labels = {"job": job(settings, "otel-agent"), "filter": "filter/invalid", **AGENT}
    other = {**labels, "filter": "filter/another"}
    name = "otelcol_processor_filter_spans_filtered_total"
    summary = "otel-agent-a dropped 15 spans without a trace or span id"
    series = (counter(name, 0, 1, **labels), counter(name, 5, 5, **other))
    return Story(series=series, fires=(Firing(labels=AGENT, summary=summary),))


def _unknown(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    labels = {"job": job(settings, "otel-agent"), **AGENT}
    summary = "otel-agent-a finds no Pod for 1 requests a second"
    series = (counter("otelcol_otelsvc_k8s_ip_lookup_miss_total", 0, 60, **labels),)
    return Story(series=series, fires=(Firing(labels=AGENT, summary=summary),), fault_minutes=45)


def _backends(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    labels = {"job": job(settings, "otel-agent"), "resolver": "dns", **AGENT}
    replicas = settings.collectors.gateway.replicas
    summary = f"otel-agent-a sends to {replicas + 1} gateways instead of {replicas}"
    series = (gauge("otelcol_loadbalancer_num_backends", replicas, replicas + 1, **labels),)
    return Story(series=series, fires=(Firing(labels=labels, summary=summary),))


def _delivery(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    labels = {"job": job(settings, "otel-agent"), "exported_endpoint": "10.0.0.9:4317", **AGENT}
    name = "otelcol_loadbalancer_backend_outcome_total"
    series = (counter(name, 90, 90, **labels, success="true"), counter(name, 0, 10, **labels, success="false"))
    summary = "10% of the requests to the gateway 10.0.0.9:4317 fail"
    return Story(series=series, fires=(Firing(labels={"exported_endpoint": "10.0.0.9:4317"}, summary=summary),))


CASES: Mapping[str, Case] = {
    "TracingAgentRefusesSpans": _refuses("otel-agent", AGENT),
    "TracingGatewayRefusesSpans": _refuses("otel-gateway", GATEWAY),
    "TracingInvalidSpans": _invalid,
    "TracingPodsUnknown": _unknown,
    "TracingBackendsDiffer": _backends,
    "TracingAgentDeliveryFailing": _delivery,
}
