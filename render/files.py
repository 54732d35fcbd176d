"""Every rendered text of one stack, by the name of the file it becomes."""

from dataclasses import dataclass

from plan.plan import Plan
from render.collectors.agent import agent_config
from render.collectors.gateway import gateway_config
from render.storage.bucket_setup import setup_files
from render.storage.lifecycle import lifecycle_rules
from render.tempo.config import tempo_config
from render.tempo.overrides import tenant_overrides
from render.text import Config, to_yaml
from settings.stack import StackSettings


@dataclass(frozen=True)
class Rendered:
    """Texts of the products' configurations; `bucket_setup` is by file name, empty where nothing is set up.

    `tempo_overrides` is '' where no tenant has limits of its own; `bucket_lifecycle` has S3's own shape.
    """

    tempo: str
    tempo_overrides: str
    agent: str
    gateway: str
    bucket_setup: dict[str, str]
    bucket_lifecycle: list[Config]


def render(settings: StackSettings, plan: Plan) -> Rendered:
    """Render everything; the same settings give the same bytes."""
    own_limits = tenant_overrides(settings, plan)
    return Rendered(
        tempo=to_yaml(tempo_config(settings, plan)),
        tempo_overrides=to_yaml(own_limits) if own_limits else "",
        agent=to_yaml(agent_config(settings)),
        gateway=to_yaml(gateway_config(settings, plan)),
        bucket_setup=setup_files(settings, plan),
        bucket_lifecycle=lifecycle_rules(settings, plan),
    )
