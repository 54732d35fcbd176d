"""`python -m cli cost` and `record`: a table or a refusal, and docs/cost.md shows their exact output."""

import re
from pathlib import Path

import pytest
import yaml

from cli.app import main
from cli.documents import COST, SHOWN
from settings.project import REPO
from tests.support.stacks import SENTENCE, STACKS, config_of, stack_file

TEXT = COST.read_text(encoding="utf-8")
# Each command in the document, without `cli`, and the block below it.
BLOCKS = [(found["command"].removeprefix("cli "), found["block"]) for found in SHOWN.finditer(TEXT)]


def output(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Return the output of a command; it must succeed."""
    assert main(arguments) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


@pytest.mark.parametrize(("command", "block"), BLOCKS, ids=lambda text: text[:40])
def test_the_document_shows_what_the_command_prints(
    command: str, block: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """If this fails, run `make golden` and read the text around the figures, too."""
    monkeypatch.chdir(REPO)
    assert output(command.split(), capsys) == block


def test_the_document_shows_each_command_and_stack() -> None:
    assert {command for command, _ in BLOCKS} == {
        "cost Pulumi.prod.yaml",
        "cost Pulumi.staging.yaml",
        "cost Pulumi.dojo.yaml",
        "record",
    }


def test_each_block_of_the_document_is_some_commands_output() -> None:
    assert TEXT.count("```text\n") == len(BLOCKS)


@pytest.mark.parametrize("stack", STACKS)
def test_a_stacks_table_ends_with_its_sum(stack: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = stack_file(stack)
    lines = output(["cost", str(path)], capsys).splitlines()
    assert lines[0] == f"{path}: US dollars a month, prices of 2026-11-01"
    amounts = [float(match[1].replace(" ", "")) for line in lines[3:-2] if (match := amount_in(line))]
    total = amount_in(lines[-2])
    assert lines[-2].startswith("in all ")
    assert total is not None
    # Every line is rounded to a cent.
    assert float(total[1]) == pytest.approx(sum(amounts), abs=0.005 * len(amounts) + 0.005)
    assert len(amounts) == len(lines) - 5


def amount_in(line: str) -> re.Match[str] | None:
    """Match the dollars and cents in a line, after its name."""
    return re.search(r"  +([0-9][0-9 ]*\.[0-9]{2})(?=  |$)", line)


def test_several_files_are_printed_one_after_the_other(capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(stack_file(stack)) for stack in STACKS]
    apart = [output(["cost", file], capsys) for file in files]
    assert output(["cost", *files], capsys) == "\n".join(apart)


def refusal(path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the lines of a refusal."""
    assert main(["cost", str(path)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err.splitlines()


def test_a_missing_file_is_refused_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "Pulumi.none.yaml"
    heading, problem = refusal(path, capsys)
    assert heading == f"{path}: refused, 1 problem:"
    assert re.match(SENTENCE, problem)


def test_a_stack_whose_sizes_do_not_fit_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A price would suggest that the stack can be deployed."""
    config = config_of("dojo")
    config["fawkes-tracing:collectors"]["gateway"]["memory_ceiling_mib"] = 128
    path = tmp_path / "Pulumi.small.yaml"
    path.write_text(yaml.safe_dump({"config": config}), encoding="utf-8")
    heading, problem = refusal(path, capsys)
    assert heading == f"{path}: refused, 1 problem:"
    assert problem.startswith("collectors.gateway.memory_ceiling_mib: is too low for ")


def test_one_refused_file_does_not_silence_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = str(stack_file("dojo"))
    assert main(["cost", str(tmp_path / "none"), good]) == 1
    captured = capsys.readouterr()
    assert f"{good}: US dollars a month" in captured.out
    assert "refused, 1 problem:" in captured.err
