import io

import pytest
from rich.console import Console

from lab.errors import LabError
from scan.finding import Accepted, Finding, Report
from scan.stacks import all_stacks, recorded, show
from tests.support.stacks import STACKS

PULL = Finding("checkov", "CKV_1", "tempo-server", "pull always")
ROOT = Finding("checkov", "CKV_2", "tempo-server", "no root")
ENTRY = Accepted("checkov", "CKV_1", ("*-server",), "Because it is pinned.")
OTHER = Accepted("checkov", "CKV_3", ("*",), "Because nothing has it.")


def shown(*findings: Finding) -> tuple[int, str]:
    """Return the number of refused findings, and what a person sees of them."""
    out = io.StringIO()
    reports = {"checkov": {"prod": Report(7, findings)}}
    return show(reports, [ENTRY, OTHER], Console(file=out, width=200)), out.getvalue()


def test_a_finding_that_is_not_accepted_is_counted_and_named() -> None:
    refused, text = shown(PULL, ROOT)
    assert refused == 1
    assert "prod: checkov: 7 passed, 1 accepted, 1 failed\n  tempo-server: CKV_2: no root\n" in text


def test_what_is_accepted_is_listed_with_its_reason_and_nothing_else_is() -> None:
    refused, text = shown(PULL)
    assert refused == 0
    assert "Accepted: CKV_1 of tempo-server\n  Because it is pinned.\n" in text
    assert OTHER.reason not in text


def test_every_stack_that_has_a_file_is_scanned() -> None:
    assert all_stacks() == sorted(STACKS)


def test_a_stack_without_a_file_is_refused_in_sentences() -> None:
    with pytest.raises(LabError, match=r"Pulumi\.nope\.yaml is refused"):
        recorded("nope")
