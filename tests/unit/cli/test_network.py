"""`python -m cli network`: every connection of a stack, and docs/network.md shows its exact output."""

import pytest

from cli.app import main
from cli.documents import NETWORK, SHOWN
from plan.plan import make_plan
from render.network.table import edges
from settings.project import REPO
from tests.support.stacks import STACKS, settings_of, stack_file

TEXT = NETWORK.read_text(encoding="utf-8")
BLOCKS = [(found["command"].removeprefix("cli "), found["block"]) for found in SHOWN.finditer(TEXT)]


@pytest.mark.parametrize(("command", "block"), BLOCKS, ids=lambda text: text[:40])
def test_the_document_shows_what_the_command_prints(
    command: str, block: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """If this fails, run `make golden`."""
    monkeypatch.chdir(REPO)
    assert main(command.split()) == 0
    assert capsys.readouterr().out == block


def test_each_block_of_the_document_is_some_commands_output() -> None:
    assert [command for command, _ in BLOCKS] == ["network Pulumi.prod.yaml", "network Pulumi.dojo.yaml"]
    assert TEXT.count("```text\n") == len(BLOCKS)


@pytest.mark.parametrize("stack", STACKS)
def test_every_edge_is_named_once_with_its_reason(stack: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["network", str(stack_file(stack))]) == 0
    lines = capsys.readouterr().out.splitlines()
    of = settings_of(stack)
    described = [line for line in lines[2:] if line and not line.startswith(" ")]
    assert described == [f"{edge.name}: {edge.why}" for edge in edges(of, make_plan(of))]
    assert len({line.partition(":")[0] for line in described}) == len(described)
    assert max(map(len, lines)) <= 100


def test_a_refused_file_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    missing = REPO / "Pulumi.missing.yaml"
    assert main(["network", str(missing)]) == 1
    assert "cannot be read" in capsys.readouterr().err
