"""Run an emulated plugin as the engine does: `python -m lab.emulated NAME VERSION`, with the SDK's version."""

import importlib
import pkgutil
import sys

from lab.emulated.protocol import without_sdk

_PLUGINS = {"aws": "lab.emulated.aws.plugin:AwsPlugin", "random": "lab.emulated.random:RandomPlugin"}


def main(name: str, version: str) -> None:
    """Serve one plugin until the engine stops it."""
    without_sdk()

    def load() -> object:
        return pkgutil.resolve_name(_PLUGINS[name])()

    importlib.import_module("lab.emulated.server").serve(version, load)


if __name__ == "__main__":
    main(*sys.argv[1:3])
