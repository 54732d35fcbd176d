from pathlib import Path

import pytest

from lab.errors import LabError
from scan.finding import Accepted, Finding, accepted, refused

FOUND = Finding("checkov", "CKV_1", "store-bucket", "it should be so")
ENTRY = Accepted("checkov", "CKV_1", ("store-*",), "it is not ours")
VALID = '[[accepted]]\ntool = "checkov"\ncheck = "A"\nresources = ["a"]\nreason = "because"\n'


def test_an_accepted_finding_is_not_refused() -> None:
    assert refused([FOUND], [ENTRY]) == []


@pytest.mark.parametrize(
    "other",
    [
        Accepted("kube-score", "CKV_1", ("store-*",), "another scanner"),
        Accepted("checkov", "CKV_2", ("store-*",), "another check"),
        Accepted("checkov", "CKV_1", ("store", "bucket"), "other resources"),
    ],
    ids=lambda entry: entry.reason,
)
def test_an_entry_about_something_else_accepts_nothing(other: Accepted) -> None:
    assert refused([FOUND], [other]) == [FOUND]


@pytest.mark.parametrize(
    "wrong",
    [
        VALID.replace('reason = "because"', ""),
        VALID.replace('"because"', '""'),
        VALID.replace('["a"]', '"a"'),
        VALID.replace('["a"]', "[]"),
        VALID + "until = 2030\n",
    ],
)
def test_an_entry_that_is_not_whole_is_refused_by_its_number(wrong: str, tmp_path: Path) -> None:
    file = tmp_path / "accepted.toml"
    file.write_text(VALID + wrong, encoding="utf-8")
    with pytest.raises(LabError, match=r"Entry 2 of .*/accepted\.toml is .* Allowed are entries"):
        accepted(file)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("[[accepted]", "is not TOML"),
        ("", "has nothing at its top"),
        ("accepted = 1\n", "has accepted at its top"),
        (VALID.replace("accepted", "acepted"), "has acepted at its top"),
    ],
)
def test_a_file_that_is_no_list_of_entries_is_refused_in_a_sentence(wrong: str, says: str, tmp_path: Path) -> None:
    """With a misspelt heading, nothing would be accepted."""
    file = tmp_path / "accepted.toml"
    file.write_text(wrong, encoding="utf-8")
    with pytest.raises(LabError, match=says):
        accepted(file)


def test_the_committed_file_gives_one_reason_for_a_check_of_a_resource() -> None:
    keys = [(entry.tool, entry.check, name) for entry in accepted() for name in entry.resources]
    assert keys
    assert len(set(keys)) == len(keys)
