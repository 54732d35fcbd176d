from pulumi.runtime.proto.provider_pb2 import DiffResponse, PropertyDiff

from lab.emulated.diff import Change, Path, compare, path_text, to_response


def test_equal_inputs_have_no_difference() -> None:
    """The second `up` changes nothing."""
    values = {"a": [1, {"b": None}], "c": "x"}
    assert compare(values, values, lambda _: True) == ()


def test_each_kind_of_change_is_found_where_it_is() -> None:
    """A reviewer reads these paths in the preview."""
    old = {"same": 1, "gone": 2, "list": [1, 2, 3], "map": {"a": 1}}
    new = {"same": 1, "more": 2, "list": [1, 5], "map": {"a": 2}}
    assert compare(old, new, lambda _: False) == (
        Change(("gone",), "DELETE"),
        Change(("list", 1), "UPDATE"),
        Change(("list", 2), "DELETE"),
        Change(("map", "a"), "UPDATE"),
        Change(("more",), "ADD"),
    )


def test_true_and_one_are_different() -> None:
    """They are equal in Python and not to a service."""
    assert compare({"a": True}, {"a": 1}, lambda _: False) == (Change(("a",), "UPDATE"),)


def test_a_response_names_paths_kinds_and_replacements() -> None:
    """The engine decides by the response between update and replacement."""
    changes = (
        Change(("spec", "replicas"), "UPDATE"),
        Change(("metadata", "name"), "UPDATE", replaces=True),
    )
    response = to_response(changes)
    assert response.changes == DiffResponse.DIFF_SOME
    assert list(response.replaces) == ["metadata.name"]
    assert list(response.diffs) == ["metadata", "spec"]
    assert {path: diff.kind for path, diff in response.detailedDiff.items()} == {
        "spec.replicas": PropertyDiff.UPDATE,
        "metadata.name": PropertyDiff.UPDATE_REPLACE,
    }


def test_no_changes_are_reported_as_none() -> None:
    """`--expect-no-changes` depends on it."""
    assert to_response(()).changes == DiffResponse.DIFF_NONE


def test_paths_are_written_as_the_engine_writes_them() -> None:
    """The engine looks up the values to show by these texts."""
    path: Path = ("metadata", "annotations", 'a/b."c"', 0, "x-y")
    assert path_text(path) == 'metadata.annotations["a/b.\\"c\\""][0]["x-y"]'
