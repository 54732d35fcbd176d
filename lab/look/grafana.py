"""Start an installed Grafana with the stack's own dashboards and datasources, in place of the page."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.look.definitions import Definitions
from lab.look.server import HOST
from render.grafana import uids
from render.grafana.datasources import datasources, provisioning_file
from render.text import to_yaml
from settings.stack import StackSettings

# The newer program has commands, the older one is the server.
_PROGRAMS = {"grafana": ("server",), "grafana-server": ()}
# Where packages put what Grafana needs besides its program.
_HOMES = (Path("/usr/share/grafana"), Path("/usr/local/share/grafana"))


@dataclass(frozen=True)
class Grafana:
    """How to start one: its command, and variables that take precedence over its configuration file."""

    command: tuple[str, ...]
    environment: Mapping[str, str]


def installed_grafana() -> Path | None:
    """Return the Grafana server on PATH, or None."""
    found = filter(None, map(shutil.which, _PROGRAMS))
    return next(map(Path, found), None)


def provisioned(program: Path, folder: Path, port: int) -> Grafana:
    """Return the command that starts Grafana on this port with what is in `folder`; it writes nowhere else."""
    home = next((home for home in (*_HOMES, program.resolve().parent.parent) if (home / "conf").is_dir()), None)
    command = (str(program), *_PROGRAMS[program.name], *((f"--homepath={home}",) if home else ()))
    variables = {
        "SERVER_HTTP_ADDR": HOST,
        "SERVER_HTTP_PORT": str(port),
        "PATHS_DATA": f"{folder}/data",
        "PATHS_LOGS": f"{folder}/logs",
        "PATHS_PLUGINS": f"{folder}/plugins",
        "PATHS_PROVISIONING": f"{folder}/provisioning",
        # Whoever reaches this machine's loopback may look and explore.
        "AUTH_ANONYMOUS_ENABLED": "true",
        "AUTH_ANONYMOUS_ORG_ROLE": "Editor",
        "ANALYTICS_REPORTING_ENABLED": "false",
        "ANALYTICS_CHECK_FOR_UPDATES": "false",
        "ANALYTICS_CHECK_FOR_PLUGIN_UPDATES": "false",
        "PLUGINS_PREINSTALL_DISABLED": "true",
    }
    return Grafana(command, {f"GF_{name}": value for name, value in variables.items()})


def write_provisioning(folder: Path, settings: StackSettings, definitions: Definitions, proxy: str) -> None:
    """Write dashboards, datasources and who reads them into `folder`; `proxy` is the URL of the page's server.

    Addresses inside the cluster are replaced by the server's, which passes queries on.
    """
    shutil.rmtree(folder / "provisioning", ignore_errors=True)
    boards, provisioning = folder / "provisioning" / "boards", folder / "provisioning"
    provider = {"name": "tracing", "type": "file", "options": {"path": str(boards)}}
    files = {
        provisioning / "dashboards" / "tracing.yaml": to_yaml({"apiVersion": 1, "providers": [provider]}),
        provisioning / "datasources" / "tracing.yaml": provisioning_file(_reachable(settings, definitions, proxy)),
        **{boards / name: text for name, text in definitions.dashboards.items()},
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _reachable(settings: StackSettings, definitions: Definitions, proxy: str) -> list[dict[str, Any]]:
    found = []
    for source in datasources(settings):
        if source["uid"] in definitions.tempo:
            # The server sets the tenant; gRPC, which streams, does not pass through it.
            keys = {name: value for name, value in source["jsonData"].items() if not name.startswith("httpHeader")}
            data = keys | {"streamingEnabled": {"search": False, "metrics": False}}
            found.append(_without_secrets(source) | {"url": f"{proxy}/tempo/{source['uid']}", "jsonData": data})
        elif source["uid"] == uids.PROMETHEUS:
            # The server answers no POST, which is the default.
            data = source.get("jsonData", {}) | {"httpMethod": "GET"}
            found.append(_without_secrets(source) | {"url": f"{proxy}/prometheus", "jsonData": data})
        else:
            # The logs' own: not here, but links to it must lead somewhere.
            found.append(source)
    return found


def _without_secrets(source: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in source.items() if name != "secureJsonData"}
