"""Install what the engine needs for a stack on a real cloud."""

from rich.console import Console

from lab.engine.plugins import install_plugins
from lab.errors import LabError
from lab.progress import Progress
from lab.toolchain import build
from lab.toolchain.queue import build_all

_ENGINE = "pulumi"


def plugins(progress: Progress, console: Console) -> None:
    """Build the engine if it is missing, install its plugins, and print where each is."""
    build_all([_ENGINE], progress)
    if (engine := build.find(_ENGINE)) is None:
        raise LabError("The engine is not built.", "Run `make tools` and read its log.")
    with progress.step("install the resource plugins"):
        found = install_plugins(engine)
    for name, folder in found.items():
        console.print(f"{name}: {folder}", markup=False, highlight=False, soft_wrap=True)
