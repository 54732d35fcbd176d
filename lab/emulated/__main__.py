"""Run an emulated plugin as the engine does: `python -m lab.emulated NAME VERSION`, with the SDK's version."""

import importlib
import pkgutil
import sys
from typing import TYPE_CHECKING

from lab.emulated.protocol import without_sdk

if TYPE_CHECKING:
    from lab.emulated.plugin import Plugin

_PLUGINS = {"aws": "lab.emulated.aws.plugin:AwsPlugin", "random": "lab.emulated.random:RandomPlugin"}


def main(name: str, version: str) -> None:
    """Serve one plugin until the engine stops it."""
    without_sdk()

    def load() -> "Plugin":
        plugin: Plugin = pkgutil.resolve_name(_PLUGINS[name])()
        return plugin

    importlib.import_module("lab.emulated.server").serve(version, load)


if __name__ == "__main__":
    main(*sys.argv[1:3])
