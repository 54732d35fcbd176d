"""What the engine, its language host, its plugins and the program find in their environment."""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from lab.engine.project import Project
from lab.engine.python import pip_for_language_host
from lab.proxies import without_proxy


def engine_environment(
    project: Project, path_folders: tuple[Path, ...], more: Mapping[str, str]
) -> dict[str, str]:
    """Return this process's environment with what a run of a project needs, and with `more`."""
    # A person's own Pulumi settings (an organization, a token) must not lead a lab run elsewhere. Those of the
    # Kubernetes plugin say how it applies.
    inherited = {key: value for key, value in os.environ.items() if not re.match("PULUMI_(?!K8S_)", key)}
    # The engine does not name the virtual environment to a language host as old as the one that can be built,
    # which then takes the first Python that it finds.
    folders = [Path(sys.prefix) / "bin", *path_folders]
    found = {
        **inherited,
        **pip_for_language_host(project.home / "pip", inherited),
        "PATH": os.pathsep.join([*map(str, folders), inherited.get("PATH", os.defpath)]),
        "PULUMI_BACKEND_URL": project.backend.resolve().as_uri(),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(project.passphrase_file),
        "PULUMI_DEBUG_COMMANDS": "true",  # without it there is no --event-log
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_HOME": str(project.home / "pulumi"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        **more,
    }
    # The engine, the program and the plugins talk to each other by gRPC, which would ask the proxy.
    return found | without_proxy(found, "127.0.0.1", "localhost")
