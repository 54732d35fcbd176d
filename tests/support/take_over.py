"""Import existing resources into a stack, with the commands of docs/take-over.md."""

import json
from collections.abc import Mapping

from lab.engine.engine import Engine
from lab.engine.plugins import provide_plugins
from review.names import label


def take_over(engine: Engine, ids: Mapping[str, str]) -> None:
    """Import resources by their ids; `ids` has keys of kind and name, like `StatefulSet tempo-server`."""
    provide_plugins(engine.home)
    engine.unlock()
    file = engine.home / "take-over.json"
    engine._plain("preview", "--import-file", str(file), doing="Listing what would be created")
    document = json.loads(file.read_text(encoding="utf-8"))
    kept = [
        {**resource, "id": ids[name]} if name in ids else resource
        for resource in document["resources"]
        if (name := label(f"urn::::{resource['type']}::{resource['name']}")) in ids or resource.get("component")
    ]
    file.write_text(json.dumps({**document, "resources": kept}), encoding="utf-8")
    flags = ("--yes", "--protect=false", "--generate-code=false")
    engine._plain("import", "--file", str(file), *flags, doing="Importing")
