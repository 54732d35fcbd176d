"""The platform's Grafana and Prometheus."""

from typing import Annotated, Literal

from pydantic import Field

from settings.base import DnsLabel, Section

HttpUrl = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._/-]*)?$")]
# Grafana's own rule for uids (pkg/util/shortid_generator.go).
DatasourceUid = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
# No slash, which would make a folder in a folder, and nothing that an annotation could not hold in one line.
FolderTitle = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 _.-]{0,99}$")]


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
    operator_instance: DnsLabel = Field(
        default="grafana",
        description="Value of the label `dashboards` by which the Grafana operator's objects select the Grafana "
        "that they are for; used where provisioning is `operator`.",
    )
    folder: FolderTitle = Field(
        default="Tracing",
        description="Grafana's folder of the dashboards. The sidecar reads it from the annotation "
        "`grafana_folder`, and only if its values say so (docs/grafana.md).",
    )
    datasources: tuple[Literal["tempo", "prometheus", "logs"], ...] = Field(
        default=("tempo",),
        description="Which datasources are provisioned. Name `prometheus` and `logs` only where nobody else "
        "provisions theirs: two definitions of one uid overwrite each other at every start. Those of Tempo refer "
        "to the uids `prometheus` and that of logs_backend in any case.",
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
        description="The datasource of logs, which traces link to and which links to traces; its uid is the same "
        "word.",
    )
    logs_url: HttpUrl | None = Field(
        default=None,
        description="Address of Loki or OpenSearch for Grafana; required where datasources names `logs`.",
    )
    profiles_uid: DatasourceUid | None = Field(
        default=None,
        description="Uid of a Pyroscope datasource, which spans then link to.",
    )
