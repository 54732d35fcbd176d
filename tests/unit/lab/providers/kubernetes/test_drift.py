import base64
from copy import deepcopy

from lab.providers.kubernetes.drift import drifted, importable
from lab.providers.values import Json

INPUTS: Json = {
    "kind": "Deployment",
    "spec": {"replicas": 1, "template": {"containers": [{"name": "main", "cpu": "0.5"}]}},
}
# What the server makes of it: another spelling, and defaults.
SERVED: Json = {
    "kind": "Deployment",
    "spec": {
        "replicas": 1,
        "paused": False,
        "template": {"containers": [{"name": "main", "cpu": "500m", "policy": "Always"}]},
    },
}


def test_another_spelling_and_defaults_are_no_drift() -> None:
    """A refresh right after an update must find nothing."""
    assert drifted(INPUTS, SERVED, SERVED) == INPUTS


def test_a_changed_field_is_reported_with_its_live_value() -> None:
    """And the fields around it as the program wrote them."""
    live = deepcopy(SERVED)
    live["spec"]["replicas"] = 3
    live["spec"]["template"]["containers"][0]["name"] = "other"
    found = drifted(INPUTS, SERVED, live)
    assert found["spec"] == {"replicas": 3, "template": {"containers": [{"name": "other", "cpu": "0.5"}]}}


def test_a_field_that_the_program_does_not_set_is_not_its_business() -> None:
    """Controllers set many."""
    live = deepcopy(SERVED)
    live["spec"]["paused"] = True
    assert drifted(INPUTS, SERVED, live) == INPUTS


def test_a_removed_field_is_reported_as_missing() -> None:
    """So that the next update adds it again."""
    live = deepcopy(SERVED)
    del live["spec"]["replicas"]
    assert "replicas" not in drifted(INPUTS, SERVED, live)["spec"]


def test_a_list_of_another_length_is_reported_whole() -> None:
    """Its items cannot be matched by place."""
    live = deepcopy(SERVED)
    live["spec"]["template"]["containers"].append({"name": "sidecar"})
    found = drifted(INPUTS, SERVED, live)["spec"]["template"]["containers"]
    assert found == live["spec"]["template"]["containers"]


def _secret(value: bytes) -> Json:
    return {"kind": "Secret", "data": {"key": base64.b64encode(value).decode()}}


def test_a_secrets_text_is_compared_though_the_server_forgets_it() -> None:
    """A changed password in the cluster is drift like any other."""
    inputs = {"kind": "Secret", "stringData": {"key": "old"}}
    assert drifted(inputs, _secret(b"old"), _secret(b"old")) == inputs
    assert drifted(inputs, _secret(b"old"), _secret(b"new"))["stringData"] == {"key": "new"}


def test_an_imported_object_has_nothing_that_only_the_server_writes() -> None:
    """Such inputs would be refused when they are applied."""
    metadata = {"name": "x", "labels": {"a": "b"}, "uid": "1", "resourceVersion": "2", "managedFields": []}
    live: Json = {"kind": "ConfigMap", "metadata": metadata, "data": {}, "status": {}}
    assert importable(live) == {
        "kind": "ConfigMap",
        "metadata": {"name": "x", "labels": {"a": "b"}},
        "data": {},
    }
