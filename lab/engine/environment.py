"""The environment of the engine, its language host, its plugins and the program."""

import importlib.util
import os
import re
import sys
import sysconfig
import zipfile
from collections.abc import Mapping
from pathlib import Path

from lab.engine.project import Project
from lab.errors import LabError
from lab.proxies import without_proxy


def engine_environment(project: Project, engine: Path, more: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment with what a run of a project needs, and with `more`.

    `engine` is the folder of its programs, the language host among them.
    """
    # A user's own Pulumi settings (an organization, a token) must not lead a lab run elsewhere. Those of the
    # Kubernetes plugin, which control how it applies objects, are kept.
    inherited = {key: value for key, value in os.environ.items() if not re.match("PULUMI_(?!K8S_)", key)}
    # A language host as old as the one that the lab can build is not told the virtual environment by the engine,
    # and takes the first Python on PATH.
    folders = (Path(sys.prefix) / "bin", engine, project.home / "launchers")
    environment = {
        **inherited,
        **_pip_for_language_host(project.home / "pip", inherited),
        "PATH": os.pathsep.join([*map(str, folders), inherited.get("PATH", os.defpath)]),
        "PULUMI_BACKEND_URL": project.backend.resolve().as_uri(),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(project.passphrase_file),
        "PULUMI_DEBUG_COMMANDS": "true",  # without it there is no --event-log
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_HOME": str(project.home / "pulumi"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        **more,
    }
    # The engine, the program and the plugins connect to each other by gRPC, which would use the proxy.
    return environment | without_proxy(environment, "127.0.0.1", "localhost")


def _pip_for_language_host(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return variables that give the language host the pip it lists packages with, if there is none.

    An environment made by uv has none. The standard library carries one as a wheel, which is unpacked into
    `folder` once: Python can then keep it compiled, which saves 2 s a run.
    """
    if importlib.util.find_spec("pip"):
        return {}
    if not (folder / "pip").is_dir():
        bundled = Path(sysconfig.get_path("stdlib"), "ensurepip", "_bundled")
        wheel = next(bundled.glob("pip-*.whl"), None)
        if wheel is None:
            what = "This Python environment has no pip, which Pulumi's language host needs."
            raise LabError(what, "Run `uv pip install pip`.")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
    return {"PYTHONPATH": os.pathsep.join(filter(None, [str(folder), environment.get("PYTHONPATH")]))}
