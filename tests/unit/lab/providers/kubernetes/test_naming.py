from lab.providers.kubernetes import naming
from lab.providers.plugin import Urn
from lab.providers.values import Json, Properties

CONFIG_MAP = Urn("urn:pulumi:dojo::project::parent$kubernetes:core/v1:ConfigMap::Settings")


def _check(old: Json | None, new: Json, seed: bytes = b"seed") -> Json:
    before = None if old is None else Properties(old)
    return naming.complete(CONFIG_MAP, before, Properties(new), seed).values


def test_a_nameless_object_is_named_after_its_logical_name() -> None:
    """With a suffix, so that a replacement can exist beside it."""
    metadata = _check(None, {"metadata": {"labels": {"a": "b"}}})["metadata"]
    stem, _, suffix = metadata["name"].rpartition("-")
    assert (stem, len(suffix)) == ("settings", 8)
    assert metadata["annotations"] == {naming.AUTONAMED: "true"}
    assert metadata["labels"] == {"a": "b"}


def test_an_update_keeps_the_made_name() -> None:
    """Another name would be another object."""
    old = _check(None, {}, b"one")
    assert _check(old, {}, b"two") == old


def test_a_replacement_gets_another_name() -> None:
    """The engine then checks without the old inputs and with another seed."""
    assert _check(None, {}, b"one")["metadata"]["name"] != _check(None, {}, b"two")["metadata"]["name"]


def test_a_given_name_is_left_alone() -> None:
    """Even after a made one: the program decides."""
    old = _check(None, {}, b"one")
    new = _check(old, {"metadata": {"name": "mine"}})
    assert new == {"metadata": {"name": "mine"}}
    assert not naming.autonamed(new)


def test_a_name_that_is_given_no_more_is_made() -> None:
    """The old given one was not ours to keep."""
    assert naming.autonamed(_check({"metadata": {"name": "mine"}}, {}))


def test_a_long_logical_name_is_cut_to_a_valid_one() -> None:
    """Controllers append to a workload's name, and the result must fit into a label."""
    urn = Urn("urn:pulumi:dojo::project::kubernetes:apps/v1:Deployment::" + "x" * 80)
    made = naming.complete(urn, None, Properties({}), b"seed").values["metadata"]["name"]
    assert len(made) == 52


def test_the_programs_inputs_are_not_changed() -> None:
    """They belong to the caller."""
    inputs: Json = {"metadata": {"annotations": {"a": "b"}}}
    _check(None, inputs)
    assert inputs == {"metadata": {"annotations": {"a": "b"}}}


def test_a_namespace_is_added_only_where_objects_live_in_one() -> None:
    """A cluster-wide object with a namespace is refused by the server."""
    inside: Json = {"metadata": {}}
    given: Json = {"metadata": {"namespace": "own"}}
    wide: Json = {"metadata": {"namespace": "own"}}
    naming.default_namespace(inside, "lab", namespaced=True)
    naming.default_namespace(given, "lab", namespaced=True)
    naming.default_namespace(wide, "lab", namespaced=False)
    assert [one["metadata"].get("namespace") for one in (inside, given, wide)] == ["lab", "own", None]


def test_the_contents_of_a_secret_are_secret_whatever_the_program_says() -> None:
    """A state in clear would give them away."""
    secret = {"apiVersion": "v1", "kind": "Secret", "data": {"a": "eA=="}, "stringData": {"b": "x"}}
    checked = naming.complete(CONFIG_MAP, None, Properties(secret), b"seed")
    assert checked.secrets == {("data",), ("stringData",)}


def test_outputs_are_secret_where_inputs_were_and_lists_hide_as_a_whole() -> None:
    """The server may put its own items into a list, so places in it mean nothing afterwards."""
    live = {"apiVersion": "v1", "kind": "Secret", "data": {}}
    inputs = Properties({}, frozenset({("spec", "token"), ("spec", "env", 0, "value")}))
    assert naming.output_secrets(inputs, live) == {("spec", "token"), ("spec", "env"), ("data",)}
