"""Span metrics of the agent: every span is counted before sampling, under the names of Tempo's metrics generator.

The spans take a branch of their own behind the attributes of their Pod. What becomes a label is masked and bounded
there, on a copy: the spans that go on to a gateway stay as they are. docs/adr/0023 has the reasons.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from plan.span_metrics import BUCKETS_SECONDS
from render.collectors.common import literal
from render.collectors.routing import NAMESPACE_ATTRIBUTE
from render.collectors.scrubbing import scrub_names, text_rules
from render.names import SPAN_METRICS_PORT, every_address
from render.text import Config
from render.tls import span_metrics_server_tls
from settings.stack import StackSettings

# Carries a copy of each span from the agent's pipeline to the branch.
BRANCH = "forward/span_metrics"
_CONNECTOR = "span_metrics"
_NAMES = "transform/names"
_BEFORE, _AFTER = "transform/span_metrics", "transform/span_metrics_names"
_EXPORTER = "prometheus/span_metrics"
# Metrics change this often. The connector shows a new counter as 0 first; Prometheus, which scrapes twice as often
# (components/collectors/agent.py), sees that 0, so rate() misses none of a new operation's first calls.
FLUSH_SECONDS = 30
# A label set that no span has had for an hour makes room for others.
_EXPIRATION = "1h"
# The exporter forgets what the connector has not repeated in four flushes.
_EXPORTER_EXPIRATION = f"{4 * FLUSH_SECONDS}s"
# Characters of a label: longer names are cut. Prometheus keeps each in memory.
_LONGEST_LABEL = 128
# An application without a name gets the one that the conventions give it.
_UNNAMED = "unknown_service"
_SERVICE = 'attributes["service.name"]'
# Ids in paths, which SDKs should not put into a span's name: whole numbers and UUIDs. Each starts with a literal
# character, without which Go's matcher is ten times as slow.
_IDS = (
    r"/[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
    r"/[0-9]+\b",
)
_ID = "/{id}"
# Prometheus takes UTF-8 only, and the exporter would log an error for every other label at each scrape. Go's
# matcher reads an invalid byte as U+FFFD; for a class of that character alone it would search its three bytes.
_VALID = r'replace_all_patterns(attributes, "value", "[\\x{FFFC}\\x{FFFD}]", "?")'
# Tempo's label of the tenant, and the connector's mark of what it counts together beyond its limit.
_TENANT = "tenant"
_OVERFLOW = "otel.metric.overflow"


@dataclass(frozen=True, kw_only=True)
class Branch:
    """What the branch adds to the agent's configuration; empty where agents make no metrics."""

    exporters_of_spans: tuple[str, ...] = ()
    processors: Mapping[str, Config] = field(default_factory=dict)
    connectors: Mapping[str, Config] = field(default_factory=dict)
    exporters: Mapping[str, Config] = field(default_factory=dict)
    pipelines: Mapping[str, Config] = field(default_factory=dict)


def span_metrics(settings: StackSettings) -> Branch:
    """Return the branch from the agent's spans to the port that Prometheus scrapes."""
    if settings.span_metrics.source != "agents":
        return Branch()
    return Branch(
        exporters_of_spans=(BRANCH,),
        processors={
            _NAMES: scrub_names(settings.scrubbing.additional_patterns),
            _BEFORE: _labels_of_spans(settings),
            _AFTER: _names_of_tempo(settings),
        },
        connectors={BRANCH: {}, _CONNECTOR: _counts(settings)},
        exporters={_EXPORTER: _scraped(settings)},
        pipelines={
            "traces/span_metrics": {
                "receivers": [BRANCH],
                "processors": [_NAMES, _BEFORE],
                "exporters": [_CONNECTOR],
            },
            "metrics/span_metrics": {"receivers": [_CONNECTOR], "processors": [_AFTER], "exporters": [_EXPORTER]},
        },
    )


def _labels_of_spans(settings: StackSettings) -> Config:
    """Return the processor that leaves in each copied span only labels that are true, bounded and masked."""
    dimensions = settings.span_metrics.dimensions
    kept = ", ".join(f'"{name}"' for name in ("service.name", NAMESPACE_ATTRIBUTE, *dimensions))
    return {
        # As for all masking: an error must not let a text pass.
        "error_mode": "propagate",
        "trace_statements": [
            {
                "context": "resource",
                "statements": [
                    # The connector skips spans without a service.
                    f'set({_SERVICE}, "{_UNNAMED}") where not IsString({_SERVICE}) or {_SERVICE} == ""',
                    *text_rules(_SERVICE, settings.scrubbing.additional_patterns),
                    *_bounded(_SERVICE),
                    *_cut(f'attributes["{NAMESPACE_ATTRIBUTE}"]'),
                    f"keep_keys(attributes, [{kept}])",
                ],
            },
            {
                "context": "span",
                "statements": [
                    *_bounded("name"),
                    *(line for name in (NAMESPACE_ATTRIBUTE, *dimensions) for line in _true_attribute(name)),
                    # The connector multiplies by the sampling rate that a client's trace state claims.
                    'set(trace_state, "") where trace_state != ""',
                    _no_exemplar_unless_kept(settings.sampling.slow_threshold_ms),
                ],
            },
        ],
    }


def _true_attribute(name: str) -> list[str]:
    """Return statements for one dimension; the connector prefers a span's attribute to its resource's.

    Only the agent knows the Kubernetes attributes of a Pod, so those in spans are deleted: by pattern, because
    deletion by name removes one attribute, and a hostile sender can send the name twice.
    """
    path = f'attributes["{name}"]'
    if name.startswith("k8s."):
        pattern = literal("^" + name.replace(".", r"\\.") + "$")
        return [f'delete_matching_keys(attributes, "{pattern}") where {path} != nil']
    # Prometheus takes an empty label for none, and would get two samples of one series.
    return [*_bounded(path), f'delete_key(attributes, "{name}") where {path} == ""']


def _bounded(path: str) -> list[str]:
    """Return statements that replace ids in a text and cut it."""
    ids = [f'replace_pattern({path}, "{_escaped(pattern)}", "{_ID}")' for pattern in _IDS]
    return [*ids, *_cut(path)]


def _cut(path: str) -> list[str]:
    # By a pattern, not by Substring, which counts bytes and could leave half a character.
    rest = _escaped(rf"(?s)^(.{{{_LONGEST_LABEL}}}).*")
    too_long = f"IsString({path}) and Len({path}) > {_LONGEST_LABEL}"
    return [f'replace_pattern({path}, "{rest}", "{literal("$1")}") where {too_long}']


def _no_exemplar_unless_kept(slow_threshold_ms: int) -> str:
    """Return the statement that takes the trace id, without which a span gives no exemplar, from most spans.

    The gateway keeps the traces of failed spans and of spans that alone last `sampling.slow_threshold_ms`. Whether
    it keeps another trace is not known before it has decided, and an exemplar of a trace that is not kept leads
    nowhere.
    """
    nanoseconds = slow_threshold_ms * 1_000_000
    return (
        f'set(trace_id, TraceID("{"0" * 32}")) where status.code != STATUS_CODE_ERROR '
        f"and end_time_unix_nano - start_time_unix_nano < {nanoseconds}"
    )


def _counts(settings: StackSettings) -> Config:
    metrics = settings.span_metrics
    return {
        "namespace": "traces.spanmetrics",
        "dimensions": [{"name": name} for name in (NAMESPACE_ATTRIBUTE, *metrics.dimensions)],
        # A random id of the process, which would start every series anew with each restart.
        "exclude_dimensions": ["collector.instance.id"],
        # No resource has it, so all resources share one limit. By default each has its own, and as many of them as
        # there are Pods overwrite each other under the same labels.
        "resource_metrics_key_attributes": ["fawkes.none"],
        "aggregation_cardinality_limit": metrics.max_label_sets_per_agent,
        "series_expiration": _EXPIRATION,
        "metrics_flush_interval": f"{FLUSH_SECONDS}s",
        "histogram": {
            "unit": "s",
            "explicit": {"buckets": [f"{round(bound * 1000)}ms" for bound in BUCKETS_SECONDS]},
        },
        "exemplars": {"enabled": True, "max_per_data_point": 5},
    }


def _names_of_tempo(settings: StackSettings) -> Config:
    """Return the processor that gives the metrics the names and labels of Tempo's metrics generator.

    Dashboards and Grafana's service graph know those, whoever makes the metrics.
    """
    service = [
        f'set(attributes["service"], {_SERVICE}) where {_SERVICE} != nil',
        'delete_key(attributes, "service.name")',
    ]
    return {
        "error_mode": "propagate",
        "metric_statements": [
            # The connector repeats the first resource that it saw, which would become labels of all metrics.
            {"context": "resource", "statements": ['delete_matching_keys(attributes, ".*")']},
            {
                "context": "metric",
                "statements": [
                    'set(unit, "") where name == "traces.spanmetrics.duration"',
                    'set(name, "traces.spanmetrics.latency") where name == "traces.spanmetrics.duration"',
                ],
            },
            {"context": "datapoint", "statements": [_VALID, *service, *_tenants(settings)]},
        ],
    }


def _tenants(settings: StackSettings) -> list[str]:
    """Return statements that set the tenant, as the gateway does; none with a single tenant."""
    tenants = settings.tenants
    if tenants.mode == "single":
        return []
    label = f'attributes["{_TENANT}"]'
    return [
        f'set({label}, "{tenants.default_tenant}") where attributes["{_OVERFLOW}"] == nil',
        *(
            f'set({label}, "{name}") where attributes["{NAMESPACE_ATTRIBUTE}"] == "{name}"'
            for name in sorted(tenants.namespaces)
        ),
    ]


def _scraped(settings: StackSettings) -> Config:
    return {
        "endpoint": every_address(SPAN_METRICS_PORT),
        **span_metrics_server_tls(settings),
        # Prometheus gets exemplars in this format only.
        "enable_open_metrics": True,
        "without_scope_info": True,
        "translation_strategy": "UnderscoreEscapingWithSuffixes",
        "metric_expiration": _EXPORTER_EXPIRATION,
    }


def _escaped(pattern: str) -> str:
    """Return a pattern as the inside of an OTTL string, and for the collector's own expansion."""
    return literal(pattern.replace("\\", "\\\\"))
