"""Pulumi's protocol without the rest of its SDK."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

# What encloses the protocol's modules.
_ENCLOSING = ("pulumi", "pulumi.runtime", "pulumi.runtime.proto")


def without_sdk() -> None:
    """Let this process load modules of `pulumi.runtime.proto` alone; nothing else of the SDK works in it then.

    Python loads what encloses a module first, and the SDK's own takes twice as long to load as all of a stand-in:
    a wait of each preview. So empty packages stand for it, which know where their modules lie.
    """
    spec = importlib.util.find_spec(_ENCLOSING[0])
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("Pulumi's SDK is not installed: run `make setup`.")
    root = Path(spec.origin).parent.parent
    for name in _ENCLOSING:
        package = ModuleType(name)
        package.__path__ = [str(root.joinpath(*name.split(".")))]
        sys.modules[name] = package
