"""The platform's Grafana and Prometheus."""

from typing import Annotated, Literal

from pydantic import Field

from settings.base import DnsLabel, Section

HttpUrl = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._/-]*)?$")]


class Grafana(Section):
    """How Tempo and the collectors connect to the platform's Grafana and Prometheus."""

    namespace: DnsLabel = Field(
        default="monitoring",
        description="Grafana's namespace, whose Pods may send queries to Tempo.",
    )
    provisioning: Literal["sidecar", "operator", "none"] = Field(
        default="sidecar",
        description="How dashboards and datasources reach Grafana: `sidecar` creates ConfigMaps and Secrets "
        "with the labels grafana_dashboard and grafana_datasource, `operator` objects of the Grafana operator.",
    )
    url: HttpUrl | None = Field(
        default=None,
        description="Address at which people open Grafana in a browser. Alerts link to their traces and dashboard "
        "there, as annotations `trace_url` and `dashboard_url`; without it they have no such links.",
    )
    prometheus_url: HttpUrl | None = Field(
        default=None,
        description="Prometheus that receives Tempo's service graphs by remote write (`/api/v1/write` is "
        "appended), and span metrics where span_metrics.source is `tempo`. Without it Tempo derives neither.",
    )
    max_active_series_per_tenant: int = Field(
        default=100_000,
        ge=1_000,
        le=10_000_000,
        description="Series that each metrics generator keeps for one tenant, so that one tenant's labels cannot "
        "exhaust the memory that all share: about 100 services × 50 operations × 20 series. Beyond it new series "
        "are counted together as one with the label `metric_overflow`, and in "
        "tempo_metrics_generator_registry_series_limited_total; watch "
        "tempo_metrics_generator_registry_active_series. Each one costs 3.3 kB of each generator's memory, and "
        "8 kB of its volume or of a monolith's.",
    )
    service_monitors: bool = Field(
        default=False,
        description="Create ServiceMonitors that make Prometheus scrape Tempo and the collectors. Requires the "
        "Prometheus operator's definitions in the cluster.",
    )
    prometheus_release: DnsLabel = Field(
        default="prometheus",
        description="Value of the `release` label by which the platform's Prometheus selects ServiceMonitors.",
    )
    logs_backend: Literal["opensearch", "loki"] = Field(
        default="loki",
        description="The datasource of logs, which traces link to and which links to traces.",
    )
