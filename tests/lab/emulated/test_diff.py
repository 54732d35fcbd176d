from pulumi.runtime.proto.provider_pb2 import DiffResponse, PropertyDiff

from lab.emulated.diff import Change, Diff, Kind, compare


def test_equal_inputs_have_no_difference() -> None:
    """The second `up` changes nothing."""
    values = {"a": [1, {"b": None}], "c": "x"}
    assert compare(values, values, lambda _: True) == ()


def test_each_kind_of_change_is_found_where_it_is() -> None:
    """A reviewer reads these paths in the preview."""
    old = {"same": 1, "gone": 2, "list": [1, 2, 3], "map": {"a": 1}}
    new = {"same": 1, "more": 2, "list": [1, 5], "map": {"a": 2}}
    assert compare(old, new, lambda _: False) == (
        Change(("gone",), Kind.DELETE),
        Change(("list", 1), Kind.UPDATE),
        Change(("list", 2), Kind.DELETE),
        Change(("map", "a"), Kind.UPDATE),
        Change(("more",), Kind.ADD),
    )


def test_true_and_one_are_different() -> None:
    """Python says they are equal; the API server does not."""
    assert compare({"a": True}, {"a": 1}, lambda _: False) == (Change(("a",), Kind.UPDATE),)


def test_a_response_names_paths_kinds_and_replacements() -> None:
    """What the engine is told decides between update and replacement."""
    changes = (
        Change(("spec", "replicas"), Kind.UPDATE),
        Change(("metadata", "name"), Kind.UPDATE, replaces=True),
    )
    response = Diff(changes, delete_first=True).to_response()
    assert response.changes == DiffResponse.DIFF_SOME
    assert list(response.replaces) == ["metadata.name"]
    assert list(response.diffs) == ["metadata", "spec"]
    assert response.deleteBeforeReplace
    assert {path: diff.kind for path, diff in response.detailedDiff.items()} == {
        "spec.replicas": PropertyDiff.UPDATE,
        "metadata.name": PropertyDiff.UPDATE_REPLACE,
    }


def test_nothing_is_deleted_first_for_a_mere_update() -> None:
    """The flag belongs to replacements alone."""
    response = Diff((Change(("a",), Kind.ADD),), delete_first=True).to_response()
    assert not response.deleteBeforeReplace


def test_no_changes_are_told_as_none() -> None:
    """`--expect-no-changes` rests on this."""
    assert Diff().to_response().changes == DiffResponse.DIFF_NONE
