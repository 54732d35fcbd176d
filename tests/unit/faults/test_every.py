"""The faults as a whole."""

from tests.faults.every import FAULTS


def test_each_can_be_named_alone() -> None:
    """`--only` takes names that are separated by commas."""
    names = [fault.name for fault in FAULTS]
    assert len({*names}) == len(names)
    assert [name for name in names if "," in name or name != name.strip()] == []
