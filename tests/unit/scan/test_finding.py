from pathlib import Path

import pytest

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
    with pytest.raises(ValueError, match=r"accepted\.toml: entry 2 is .* it needs exactly"):
        accepted(file)


def test_the_committed_file_gives_one_reason_for_a_check_of_a_resource() -> None:
    keys = [(entry.tool, entry.check, name) for entry in accepted() for name in entry.resources]
    assert keys
    assert len(set(keys)) == len(keys)
