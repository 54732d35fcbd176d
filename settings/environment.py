"""The environment: name, owner, namespace and data protection."""

from pydantic import Field

from settings.base import DnsLabel, Section, ShortName


class Environment(Section):
    """Name, owner, namespace and data protection; no code branches on the name."""

    name: ShortName = Field(
        description="Name of the environment, for labels and object names only; behaviour comes from the other "
        "settings."
    )
    team: DnsLabel = Field(description="Team that owns these objects, for the platform's `team` label.")
    namespace: DnsLabel = Field(
        default="fawkes-observability",
        description="Namespace of every object; the default is the decision record's.",
    )
    protect_stateful: bool = Field(
        description="Refuse to delete volumes and buckets with traces until this is turned off."
    )
    retain_stateful_on_delete: bool = Field(
        description="Leave volumes and buckets with traces in place when they are removed from the program."
    )
