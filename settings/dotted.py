"""Settings of a stack file by their dotted paths, such as `load.nodes`."""

import copy
from collections.abc import Mapping
from typing import Any


def with_settings(sections: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of the sections of a stack file in which settings by dotted path have these values."""
    changed = copy.deepcopy(dict(sections))
    for path, value in values.items():
        *parents, name = path.split(".")
        section = changed
        for parent in parents:
            section = section.setdefault(parent, {})
        section[name] = copy.deepcopy(value)
    return changed
