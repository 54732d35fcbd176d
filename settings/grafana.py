"""What the platform's Grafana and Prometheus are called."""

from typing import Annotated, Literal

from pydantic import Field

from settings.base import DnsLabel, Section

HttpUrl = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._/-]*)?$")]


class Grafana(Section):
    """Where datasources and dashboards go and what they link to."""

    namespace: DnsLabel = Field(
        default="monitoring",
        description="Grafana's namespace, where its sidecar watches ConfigMaps. No effect yet: this release "
        "deploys no datasource or dashboard.",
    )
    prometheus_url: HttpUrl | None = Field(
        default=None,
        description="Prometheus that takes Tempo's span metrics by remote write (`/api/v1/write` is added); "
        "without it the metrics generator stays off.",
    )
    service_monitors: bool = Field(
        default=False,
        description="Create ServiceMonitors, so that Prometheus scrapes Tempo and the collectors; needs the "
        "Prometheus operator's definitions in the cluster.",
    )
    prometheus_release: DnsLabel = Field(
        default="prometheus",
        description="Value of the label `release` by which the platform's Prometheus finds ServiceMonitors.",
    )
    logs_backend: Literal["opensearch", "loki"] = Field(
        default="loki",
        description="Target of trace-to-logs links. No effect yet: this release deploys no Grafana datasource.",
    )
