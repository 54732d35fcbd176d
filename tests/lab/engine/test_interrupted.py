from typing import Any

from lab.engine.interrupted import settled


def _operation(
    kind: str = "kubernetes:apps/v1:Deployment", what: str = "creating", **metadata: str
) -> dict[str, Any]:
    name = metadata.get("name", "anything")
    return {"type": what, "resource": {"urn": f"urn::{name}", "type": kind, "inputs": {"metadata": metadata}}}


def _ids(*pending: dict[str, Any], resources: tuple[dict[str, Any], ...] = ()) -> list[str | None]:
    deployment = settled({"pending_operations": list(pending), "resources": list(resources), "manifest": {}})
    assert set(deployment) == {"resources", "manifest"}
    return [resource.get("id") for resource in deployment["resources"]]


def test_an_object_whose_creation_was_cut_off_is_looked_for_by_the_id_that_it_would_have() -> None:
    """The plugin's ids: namespace and name, or the name alone of what is in no namespace."""
    assert _ids(_operation(name="tempo", namespace="tracing")) == ["tracing/tempo"]
    assert _ids(_operation("kubernetes:core/v1:Namespace", name="tracing")) == ["tracing"]


def test_its_inputs_stand_for_its_outputs_until_it_is_read() -> None:
    """The engine takes no resource of a plugin without any."""
    (resource,) = settled({"pending_operations": [_operation(name="tempo")]})["resources"]
    assert resource["outputs"] == {"metadata": {"name": "tempo"}}


def test_other_operations_are_forgotten() -> None:
    """A bucket's or a password's id is known once it is made; an update or deletion is found out by looking."""
    assert (
        _ids(_operation("random:index/randomPassword:RandomPassword"), _operation(what="updating", name="a")) == []
    )


def test_what_the_state_has_already_is_not_added_again() -> None:
    """A replacement under way has the old one still there."""
    old = {"urn": "urn::tempo", "id": "tracing/tempo"}
    assert _ids(_operation(name="tempo", namespace="tracing"), resources=(old,)) == ["tracing/tempo"]
