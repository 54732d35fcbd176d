"""Pulumi's protocol without the rest of its SDK."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

# The packages above the protocol's modules.
_PARENTS = ("pulumi", "pulumi.runtime", "pulumi.runtime.proto")


def without_sdk() -> None:
    """Let this process import modules of `pulumi.runtime.proto`; the rest of the SDK stops working.

    Python imports a module's parent packages first, and the SDK's take twice as long to load as a whole plugin: a
    delay in each preview. So empty packages replace them, with the paths where their modules are found.
    """
    spec = importlib.util.find_spec(_PARENTS[0])
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("Pulumi's SDK is not installed: run `make setup`.")
    root = Path(spec.origin).parent.parent
    for name in _PARENTS:
        package = ModuleType(name)
        package.__path__ = [str(root.joinpath(*name.split(".")))]
        sys.modules[name] = package
