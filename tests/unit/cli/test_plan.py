"""`python -m cli plan`: a table or a refusal, and docs/sizing.md shows its exact output."""

from pathlib import Path

import pytest
import yaml

from cli.app import main
from cli.documents import SHOWN, SIZING
from settings.project import REPO
from tests.support.stacks import STACKS, as_config, sections, stack_file

TEXT = SIZING.read_text(encoding="utf-8")
BLOCKS = [(found["command"].removeprefix("cli "), found["block"]) for found in SHOWN.finditer(TEXT)]


def test_the_document_shows_productions_sizes() -> None:
    assert [command for command, _ in BLOCKS] == ["plan Pulumi.prod.yaml"]


@pytest.mark.parametrize(("command", "block"), BLOCKS, ids=lambda text: text[:40])
def test_the_document_shows_what_the_command_prints(
    command: str, block: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """If this fails, run `make golden` and read the text around the figures, too."""
    monkeypatch.chdir(REPO)
    assert main(command.split()) == 0
    assert capsys.readouterr().out == block


def test_several_stacks_are_apart(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", *(str(stack_file(stack)) for stack in STACKS)]) == 0
    tables = capsys.readouterr().out.split("\n\nPulumi.")
    headings = [line for line in "\n".join(tables).splitlines() if "what the load takes" in line]
    assert len(headings) == len(STACKS)


def test_a_stack_with_too_little_cpu_gets_the_refusal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "Pulumi.prod.yaml"
    config = as_config(sections("prod", {"load.cpu_factor": 3.0}))
    file.write_text(yaml.safe_dump({"config": config}), encoding="utf-8")
    assert main(["plan", str(file)]) == 1
    assert "collectors.gateway.cpu_request_millicores: is below" in capsys.readouterr().err


def test_a_queue_to_which_nothing_goes_lasts_for_ever(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nothing = {
        "sampling.baseline_percentage": 0,
        "sampling.long_term_baseline_percentage": 0.0,
        "load.failed_percentage": 0.0,
        "load.slow_or_named_percentage": 0.0,
    }
    file = tmp_path / "Pulumi.prod.yaml"
    file.write_text(yaml.safe_dump({"config": as_config(sections("prod", nothing))}), encoding="utf-8")
    assert main(["plan", str(file)]) == 0
    assert "for ever" in capsys.readouterr().out
