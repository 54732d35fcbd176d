"""Datasources of metrics and logs, with their links to traces."""

from render.grafana import uids
from render.grafana.correlations import TRACE_ID_FIELD
from render.text import Config
from settings.stack import StackSettings

# Tempo's generator writes the first, the agents and OpenTelemetry's SDKs the second.
_EXEMPLAR_LABELS = ("traceID", "trace_id")
# The Prometheus operator's default, and how often span metrics change. $__rate_interval is four times as long.
_SCRAPE_INTERVAL = "30s"
_VIEW_TRACE = "View trace"
# Grafana replaces it by the value that was found.
_VALUE = "${__value.raw}"
# A trace id in a line of text or JSON, by the usual names of its field.
_IN_TEXT = r"""[tT]race[_.]?[iI][dD]["']?\s*[:=]\s*["']?([0-9a-fA-F]{32})"""
# As the platform stores logs in OpenSearch.
_OPENSEARCH = {
    "database": "otel-logs*",
    "flavor": "opensearch",
    "version": "2.11.0",
    "timeField": "@timestamp",
    "logMessageField": "body",
    "logLevelField": "severityText",
    "pplEnabled": True,
}


def prometheus(settings: StackSettings) -> Config:
    """Return Prometheus, whose exemplars lead to traces under either name of their label."""
    data = {
        "httpMethod": "POST",
        "prometheusType": "Prometheus",
        "timeInterval": _SCRAPE_INTERVAL,
        "exemplarTraceIdDestinations": [
            {"name": name, "datasourceUid": uids.TEMPO, "urlDisplayLabel": _VIEW_TRACE}
            for name in _EXEMPLAR_LABELS
        ],
    }
    return _datasource("Prometheus", "prometheus", uids.PROMETHEUS, settings.grafana.prometheus_url, data)


def logs(settings: StackSettings) -> Config:
    """Return Loki or OpenSearch, whose lines lead to their traces."""
    url, uid = settings.grafana.logs_url, uids.logs(settings)
    if settings.grafana.logs_backend == "loki":
        return _datasource("Loki", "loki", uid, url, {"derivedFields": _derived_fields()})
    link = {"field": f"^{TRACE_ID_FIELD}$", "title": _VIEW_TRACE, "url": _VALUE, "datasourceUid": uids.TEMPO}
    data = {**_OPENSEARCH, "dataLinks": [link]}
    return _datasource("OpenSearch", "grafana-opensearch-datasource", uid, url, data)


def _derived_fields() -> list[Config]:
    """Return a field for logs that came by OTLP, whose id is structured metadata, and one for lines of text."""
    link = {"datasourceUid": uids.TEMPO, "url": _VALUE, "urlDisplayLabel": _VIEW_TRACE}
    return [
        {"name": "Trace", "matcherType": "label", "matcherRegex": TRACE_ID_FIELD, **link},
        {"name": "Trace in the text", "matcherType": "regex", "matcherRegex": _IN_TEXT, **link},
    ]


def _datasource(name: str, type_: str, uid: str, url: str | None, data: Config) -> Config:
    return {
        "name": name,
        "type": type_,
        "uid": uid,
        "access": "proxy",
        "url": url,
        "editable": False,
        "jsonData": data,
    }
