"""What this environment is called and how carefully its data is kept."""

from pydantic import Field

from settings.base import DnsLabel, Section, ShortName


class Environment(Section):
    """Name, ownership and care; nothing in the program branches on the name."""

    name: ShortName = Field(description="Used in labels and names only; behaviour comes from the other settings.")
    team: DnsLabel = Field(description="The team that answers for these objects, for the platform's `team` label.")
    namespace: DnsLabel = Field(
        default="fawkes-observability", description="Namespace of every object; the decision record's name."
    )
    protect_stateful: bool = Field(
        description="Refuse to delete whatever holds traces (volumes, buckets) until this is turned off."
    )
    retain_stateful_on_delete: bool = Field(
        description="Leave whatever holds traces in place when it is removed from the program."
    )
