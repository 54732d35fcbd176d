"""All settings of one stack."""

from pydantic import Field

from settings.access import Access
from settings.alerts import Alerts
from settings.base import Section
from settings.cluster import Cluster
from settings.collectors import Collectors
from settings.cost import Cost
from settings.environment import Environment
from settings.grafana import Grafana
from settings.images import Images
from settings.load import Load
from settings.network import Network
from settings.object_store import ObjectStore
from settings.retention import Retention
from settings.sampling import Sampling
from settings.scrubbing import Scrubbing
from settings.slos import Slos
from settings.span_metrics import SpanMetrics
from settings.synthetic_check import SyntheticCheck
from settings.tempo import Tempo
from settings.tenants import Tenants
from settings.tls import Tls


class StackSettings(Section):
    """One section for each key `fawkes-tracing:<section>` of a stack file."""

    environment: Environment = Field(description="Name, owner, namespace and data protection.")
    cluster: Cluster = Field(default=Cluster(), description="The Kubernetes cluster.")
    images: Images = Field(description="Pinned container images.")
    object_store: ObjectStore = Field(description="The trace bucket.")
    retention: Retention = Field(description="Retention of traces and metrics.")
    sampling: Sampling = Field(description="Which traces the gateways keep.")
    scrubbing: Scrubbing = Field(
        default=Scrubbing(), description="Removal of secrets and personal values from the kept spans."
    )
    load: Load = Field(description="Traffic of the applications.")
    tempo: Tempo = Field(description="Grafana Tempo.")
    collectors: Collectors = Field(description="The OpenTelemetry collectors.")
    tenants: Tenants = Field(description="Isolation of traces by namespace.")
    tls: Tls = Field(description="Transport security.")
    network: Network = Field(default=Network(), description="The network policies' ends outside the stack.")
    grafana: Grafana = Field(description="The platform's Grafana and Prometheus.")
    span_metrics: SpanMetrics = Field(
        default=SpanMetrics(), description="Rates, errors and durations by operation."
    )
    synthetic_check: SyntheticCheck = Field(
        default=SyntheticCheck(), description="Traces of the stack's own, written and read back."
    )
    access: Access = Field(default=Access(), description="Who may read which tenants.")
    alerts: Alerts = Field(default=Alerts(), description="Recording rules and alerts.")
    slos: Slos = Field(default=Slos(), description="Service level objectives.")
    cost: Cost = Field(description="Prices for the cost model.")


# Secret configuration beside the sections in a stack file. The program reads it as Pulumi secrets; it never
# enters these models.
SECRET_KEYS = frozenset({"object_store_access_key", "object_store_secret_key"})
