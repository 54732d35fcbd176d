"""The platform's Grafana and Prometheus."""

from typing import Annotated, Literal

from pydantic import Field

from settings.base import DnsLabel, Section

HttpUrl = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._/-]*)?$")]


class Grafana(Section):
    """How Tempo and the collectors connect to the platform's Grafana and Prometheus."""

    namespace: DnsLabel = Field(
        default="monitoring",
        description="Grafana's namespace, where its sidecar watches ConfigMaps. No effect yet: this release "
        "deploys no datasource or dashboard.",
    )
    prometheus_url: HttpUrl | None = Field(
        default=None,
        description="Prometheus that receives Tempo's span metrics by remote write (`/api/v1/write` is appended). "
        "Without it the metrics generator is off.",
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
        description="Target of trace-to-logs links. No effect yet: this release deploys no Grafana datasource.",
    )
