"""Span metrics: rates, errors and durations by operation, and who makes them."""

from typing import Literal

from pydantic import Field

from settings.base import Section

# Attributes of the semantic conventions with a small vocabulary, set by instrumentation. Others may hold a secret
# or an id, and every value becomes a label in Prometheus.
Dimension = Literal[
    "db.system.name",
    "error.type",
    "http.request.method",
    "http.response.status_code",
    "http.route",
    "k8s.daemonset.name",
    "k8s.deployment.name",
    "k8s.statefulset.name",
    "messaging.operation.type",
    "messaging.system",
    "rpc.method",
    "rpc.response.status_code",
    "rpc.service",
    "rpc.system.name",
]


class SpanMetrics(Section):
    """Exactly one source makes span metrics: two would count every kept span twice under the same names."""

    source: Literal["agents", "tempo", "none"] = Field(
        default="none",
        description="`agents` count every span before sampling, and Prometheus scrapes them. `tempo` counts kept "
        "spans only, so failed and slow traces weigh up to 100 / sampling.baseline_percentage times too much; its "
        "metrics generator sends them by remote write. Service graphs always come from Tempo "
        "(docs/span-metrics.md).",
    )
    dimensions: tuple[Dimension, ...] = Field(
        default=(),
        max_length=4,
        description="Attributes that become labels besides service, namespace, span name, kind and status; for "
        "source `agents`. Each multiplies the series by its number of values.",
    )
    max_label_sets_per_agent: int = Field(
        default=2_000,
        ge=100,
        le=50_000,
        description="Combinations of labels that one agent counts apart, of all applications of its node "
        "together. Beyond it new ones are counted together in the series with the label `otel_metric_overflow`, "
        "until others have not been seen for an hour. Each costs 18 series in Prometheus.",
    )
    max_series: int = Field(
        default=1_000_000,
        ge=1_000,
        le=100_000_000,
        description="Series that Prometheus can bear for span metrics, about 3 kB of its memory each. A stack "
        "whose agents could exceed it together is refused.",
    )
