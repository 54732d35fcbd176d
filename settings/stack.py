"""The whole of one stack's settings."""

from pydantic import Field

from settings.base import Section
from settings.collectors import Collectors
from settings.cost import Cost
from settings.environment import Environment
from settings.grafana import Grafana
from settings.images import Images
from settings.load import Load
from settings.object_store import ObjectStore
from settings.retention import Retention
from settings.sampling import Sampling
from settings.tempo import Tempo
from settings.tenants import Tenants
from settings.tls import Tls


class StackSettings(Section):
    """One section per key of a stack file, `fawkes-tracing:<section>`."""

    environment: Environment = Field(description="Name, owner, namespace and care for data.")
    images: Images = Field(description="Pinned container images.")
    object_store: ObjectStore = Field(description="The bucket of all blocks.")
    retention: Retention = Field(description="How long things are kept.")
    sampling: Sampling = Field(description="Which traces are kept.")
    load: Load = Field(description="What the applications send.")
    tempo: Tempo = Field(description="Grafana Tempo.")
    collectors: Collectors = Field(description="The OpenTelemetry collectors.")
    tenants: Tenants = Field(description="Who may see whose traces.")
    tls: Tls = Field(description="Transport security.")
    grafana: Grafana = Field(description="Grafana, Prometheus and logs around the traces.")
    cost: Cost = Field(description="Prices for the cost model.")


# Secret configuration that stands beside the sections in a stack file. It is read by the program
# as Pulumi secrets and never enters these models.
SECRET_KEYS = frozenset({"object_store_access_key", "object_store_secret_key"})
