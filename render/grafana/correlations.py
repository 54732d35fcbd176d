"""The links from a span to its logs, to the metrics of its service and to its profiles."""

from render.grafana import uids
from render.text import Config
from settings.stack import StackSettings

# Clocks of nodes differ, and a log is often written after its span has ended. Without a shift Grafana asks for the
# span's own milliseconds, and finds nothing.
_LOGS_SHIFT = "2s"
# Metrics change every 30 s, and a rate needs two scrapes.
_METRICS_SHIFT = "2m"
# Attributes that Loki's OTLP endpoint makes labels of, whose dots become underscores. The Pod is not among them:
# newer versions keep it as structured metadata, and a label that is not there selects no stream.
_LOKI_LABELS = {"service.name": "service_name", "k8s.namespace.name": "k8s_namespace_name"}
# The field of the platform's logs in OpenSearch, and of Loki's structured metadata.
TRACE_ID_FIELD = "trace_id"
_CPU_PROFILE = "process_cpu:cpu:nanoseconds:cpu:nanoseconds"

_CALLS = "traces_spanmetrics_calls_total{$__tags}"
_FAILED = 'traces_spanmetrics_calls_total{$__tags, status_code="STATUS_CODE_ERROR"}'
_BUCKETS = "traces_spanmetrics_latency_bucket{$__tags}"
# By operation, and not for the span's own: the agents shorten its name before it becomes a label.
_METRICS = {
    "Requests a second": f"sum by (span_name) (rate({_CALLS}[$__rate_interval]))",
    # A service without a failure has no series of them.
    "Share of failed requests": f"(sum by (span_name) (rate({_FAILED}[$__rate_interval]))"
    f" or 0 * sum by (span_name) (rate({_CALLS}[$__rate_interval])))"
    f" / sum by (span_name) (rate({_CALLS}[$__rate_interval]))",
    "P95 duration": f"histogram_quantile(0.95, sum by (le, span_name) (rate({_BUCKETS}[$__rate_interval])))",
}


def traces_to_logs(settings: StackSettings) -> Config:
    """Return the link to the logs of a trace.

    For Loki Grafana writes the query: it finds the id in the line or in the structured metadata. OpenSearch
    gets one for the id's field, because an id in quotes would be looked for in every field.
    """
    link: Config = {
        "datasourceUid": uids.logs(settings),
        "spanStartTimeShift": f"-{_LOGS_SHIFT}",
        "spanEndTimeShift": _LOGS_SHIFT,
    }
    if settings.grafana.logs_backend == "loki":
        return link | {"tags": _tags(_LOKI_LABELS), "filterByTraceID": True, "customQuery": False}
    return link | {"customQuery": True, "query": f'{TRACE_ID_FIELD}:"${{__span.traceId}}"'}


def traces_to_metrics(settings: StackSettings) -> Config:
    """Return the link to the metrics of a span's service, in a mapping; empty without span metrics."""
    source = settings.span_metrics.source
    if source == "none":
        return {}
    labels = {"service.name": "service"}
    if source == "agents":
        labels["k8s.namespace.name"] = "k8s_namespace_name"
    link = {
        "datasourceUid": uids.PROMETHEUS,
        "spanStartTimeShift": f"-{_METRICS_SHIFT}",
        "spanEndTimeShift": _METRICS_SHIFT,
        "tags": _tags(labels),
        "queries": [{"name": name, "query": query} for name, query in _METRICS.items()],
    }
    return {"tracesToMetrics": link}


def traces_to_profiles(settings: StackSettings) -> Config:
    """Return the link to the CPU profiles of a span's service, in a mapping; empty without a datasource."""
    uid = settings.grafana.profiles_uid
    if uid is None:
        return {}
    link = {
        "datasourceUid": uid,
        "tags": _tags({"service.name": "service_name"}),
        "profileTypeId": _CPU_PROFILE,
        "customQuery": False,
    }
    return {"tracesToProfiles": link}


def _tags(labels: dict[str, str]) -> list[Config]:
    return [{"key": attribute, "value": label} for attribute, label in labels.items()]
