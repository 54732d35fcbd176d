"""Every rendered text of one stack, by the name of the file it becomes."""

from dataclasses import dataclass

from plan.plan import Plan
from render.agent import agent_config
from render.bucket_setup import setup_files
from render.gateway import gateway_config
from render.tempo import tempo_config
from render.text import to_yaml
from settings.stack import StackSettings


@dataclass(frozen=True)
class Rendered:
    """Texts of the products' configurations; `bucket_setup` is by file name, empty where nothing is set up."""

    tempo: str
    agent: str
    gateway: str
    bucket_setup: dict[str, str]


def render(settings: StackSettings, plan: Plan) -> Rendered:
    """Render everything; the same settings give the same bytes."""
    return Rendered(
        tempo=to_yaml(tempo_config(settings, plan)),
        agent=to_yaml(agent_config(settings)),
        gateway=to_yaml(gateway_config(settings, plan)),
        bucket_setup=setup_files(settings, plan),
    )
