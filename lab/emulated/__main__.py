"""Run a stand-in as the engine does: `python -m lab.emulated NAME VERSION`; the version is the SDK package's."""

import importlib
import sys
from typing import TYPE_CHECKING

from lab.emulated.protocol import without_sdk

if TYPE_CHECKING:
    from lab.emulated.plugin import Plugin

_PLUGINS = {
    "aws": ("lab.emulated.aws.plugin", "AwsPlugin"),
    "random": ("lab.emulated.random", "RandomPlugin"),
}


def main(name: str, version: str) -> None:
    """Serve one until the engine ends it."""
    without_sdk()
    package = f"pulumi_{name}"
    module, kind = _PLUGINS[name]

    def load() -> "Plugin":
        plugin: Plugin = getattr(importlib.import_module(module), kind)(package=package)
        return plugin

    importlib.import_module("lab.emulated.server").serve(package, version, load)


if __name__ == "__main__":
    main(*sys.argv[1:3])
