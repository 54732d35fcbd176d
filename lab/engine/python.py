"""What the engine's Python language host needs of the environment that the program runs in."""

import importlib.resources
import importlib.util
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

from lab.errors import LabError


def pip_for_language_host(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return variables that give the host the pip it lists packages with, if the environment has none.

    An environment made by uv has none. The standard library carries one as a wheel, which is unpacked into
    `folder` once: from there Python can keep it compiled, which saves 2 s a run.
    """
    if importlib.util.find_spec("pip"):
        return {}
    if not (folder / "pip").is_dir():
        with zipfile.ZipFile(_bundled_wheel()) as wheel:
            wheel.extractall(folder)
    return {"PYTHONPATH": os.pathsep.join(filter(None, [str(folder), environment.get("PYTHONPATH")]))}


def _bundled_wheel() -> Path:
    bundled = Path(str(importlib.resources.files("ensurepip") / "_bundled"))
    wheels = sorted(bundled.glob("pip-*.whl"))
    if not wheels:
        raise LabError(
            "This Python environment has no pip, which Pulumi's language host needs.", "Run `uv pip install pip`."
        )
    return wheels[0]
