"""Stack files as they come: broken ones are refused, never a traceback."""

from pathlib import Path

import pytest

from settings.__main__ import main
from settings.loader import parse, read_stack_file, sections_of
from settings.problems import SettingsError
from tests.support.stacks import REPO, STACKS, config_of, sections, stack_file


@pytest.mark.parametrize("stack", STACKS)
def test_the_committed_stack_files_are_accepted(stack: str) -> None:
    assert read_stack_file(stack_file(stack)).environment.name == stack


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"config:\n",
        b"config: text\n",
        b"- a list\n",
        b"just text",
        b"config: {a: [}\n",
        b"\x00\xff\xfe binary",
        b"config:\n\tfawkes-tracing:environment: tab",
        b"config: !!python/object:os.system x\n",
        b"config: &a\n  fawkes-tracing:load: *a\n",
        b"config:\n  fawkes-tracing:load: 2026-11-01\n  fawkes-tracing:tempo: .nan\n",
        b"config:\n  3: x\n  fawkes-tracing:load: {? [1, 2] : y}\n",
        b"config: " + b"[" * 5000,
        b"config:\n  fawkes-tracing:load: " + b"{a: " * 500 + b"1" + b"}" * 500,
    ],
)
def test_a_file_that_is_no_stack_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.broken.yaml"
    path.write_bytes(content)

    with pytest.raises(SettingsError) as refused:
        read_stack_file(path)

    assert refused.value.problems


def test_a_missing_file_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.yaml: cannot be read: No such file"):
        read_stack_file(tmp_path / "nowhere.yaml")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_stack_file(tmp_path)


def test_foreign_and_secret_keys_are_left_alone() -> None:
    config = config_of("dojo") | {
        "aws:region": "eu-west-1",
        "fawkes-tracing:object_store_secret_key": {"secure": "AAABBB"},
    }

    assert parse(sections_of(config)) == parse(sections("dojo"))


def test_the_command_accepts_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *(str(stack_file(stack)) for stack in STACKS)]) == 0
    assert capsys.readouterr().out.count(": accepted") == len(STACKS)


def test_the_command_refuses_with_every_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "Pulumi.dojo.yaml"
    text = stack_file("dojo").read_text(encoding="utf-8")
    path.write_text(text.replace("detailed_hours: 24", "detailed_hours: 0").replace("mode: single", "mode: none"))

    assert main(["check", str(stack_file("prod")), str(path)]) == 1
    said = capsys.readouterr()
    assert "accepted" in said.out
    assert "refused, 2 problems:" in said.err
    assert "retention.detailed_hours: the value is too small" in said.err
    assert "Traceback" not in said.err


def test_the_command_also_judges_what_follows_from_the_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "Pulumi.dojo.yaml"
    text = stack_file("dojo").read_text(encoding="utf-8")
    path.write_text(text.replace("peak_spans_per_second: 2000", "peak_spans_per_second: 2000000"))

    assert main(["check", str(path)]) == 1
    assert "collectors.gateway.memory_ceiling_mib: is below what" in capsys.readouterr().err


def test_the_schema_is_the_committed_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    committed = (REPO / "schemas" / "stack.schema.json").read_text(encoding="utf-8")
    assert committed == capsys.readouterr().out, "the schema changed: run `make schema`"


@pytest.mark.parametrize("stack", STACKS)
def test_stack_files_name_the_schema_in_their_first_line(stack: str) -> None:
    first = stack_file(stack).read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=schemas/stack.schema.json"
