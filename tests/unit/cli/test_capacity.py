"""`python -m cli capacity`: what other peaks need, as docs/performance.md shows it."""

import pytest

from cli.app import main
from cli.documents import PERFORMANCE, SHOWN
from settings.project import REPO
from tests.support.stacks import stack_file

TEXT = PERFORMANCE.read_text(encoding="utf-8")
BLOCKS = [(found["command"].removeprefix("cli "), found["block"]) for found in SHOWN.finditer(TEXT)]
PROD = str(stack_file("prod"))


def test_the_document_shows_prods_peak_and_ten_times_that() -> None:
    assert [command for command, _ in BLOCKS] == ["capacity Pulumi.prod.yaml 100000 1000000"]


@pytest.mark.parametrize(("command", "block"), BLOCKS, ids=lambda text: text[:40])
def test_the_document_shows_what_the_command_prints(
    command: str, block: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """If this fails, run `make golden` and read the text around the figures, too."""
    monkeypatch.chdir(REPO)
    assert main(command.split()) == 0
    assert capsys.readouterr().out == block


def test_the_declared_peak_costs_what_the_cost_command_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", PROD]) == 0
    total = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("in all")).split()[2]
    assert main(["capacity", PROD, "100000"]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("US dollars")).split()
    assert int(line[4]) == round(float(total))


def test_a_peak_for_which_no_file_can_ask_gets_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["capacity", PROD, "100000000"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "no stack file can ask for so much" in said.err


@pytest.mark.parametrize("peak", ["0", "-5", "many"])
def test_a_peak_that_is_no_rate_is_refused(peak: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["capacity", PROD, "--", peak])
    assert "PEAK" in capsys.readouterr().err
