"""Resources as the recorder would have found them."""

from typing import Any

from snapshot.recorder import Registration


def resource(kind: str, inputs: dict[str, Any], name: str = "x", **other: Any) -> Registration:
    """Return a resource of the program; its URN is its type and name."""
    defaults: dict[str, Any] = {
        "parent": "",
        "provider": "",
        "custom": True,
        "protect": False,
        "retain_on_delete": False,
        "dependencies": (),
        "aliases": 0,
        "ignored": (),
        "timeouts": {},
        "property_dependencies": {},
    }
    return Registration(urn=f"{kind}::{name}", type=kind, name=name, inputs=inputs, **(defaults | other))
