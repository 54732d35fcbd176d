"""The rendered agent on this machine, with gateways at given addresses."""

from collections.abc import Sequence

import yaml

from render.collectors.agent import agent_config
from render.names import OTLP_GRPC_PORT
from render.text import to_yaml
from settings.stack import StackSettings


def agent_for(settings: StackSettings, gateways: Sequence[str]) -> str:
    """Return the agent's rendered configuration with fixed gateways instead of a name in DNS.

    Without `k8s_attributes`, which needs an API server and refuses no span.
    """
    config = yaml.safe_load(to_yaml(agent_config(settings)))
    config["exporters"]["load_balancing"]["resolver"] = {
        "static": {"hostnames": [f"{gateway}:{OTLP_GRPC_PORT}" for gateway in gateways]}
    }
    del config["processors"]["k8s_attributes"]
    for pipeline in config["service"]["pipelines"].values():
        pipeline["processors"] = [name for name in pipeline.get("processors", []) if name != "k8s_attributes"]
    return to_yaml(config)
