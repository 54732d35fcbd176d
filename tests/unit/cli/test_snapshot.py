"""`python -m cli snapshot` and the recorder below it."""

import json
import os
from pathlib import Path

import pulumi
import pytest
from pulumi_kubernetes.core import v1 as core

from cli.app import main
from cli.command import run
from settings.problems import SettingsError
from settings.project import REPO
from snapshot.files import resources, snapshot_files
from snapshot.program import record, record_program, stack_config
from snapshot.recorder import SECRET
from tests.support.stacks import STACKS, as_config, sections, settings_of, stack_file


def test_the_command_writes_every_file_and_names_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["snapshot", "dojo", "--out", str(tmp_path / "new")]) == 0
    names = sorted(path.name for path in (REPO / "rendered" / "dojo").iterdir())
    assert "setup.sh" in names
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == names
    assert sorted(Path(line).name for line in capsys.readouterr().out.splitlines()) == names


def test_the_command_says_what_a_missing_stack_lacks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["snapshot", "nowhere", "--out", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert "Pulumi.nowhere.yaml: cannot be read" in error
    assert "Traceback" not in error
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("out", ["file", "file/below", "taken"])
def test_a_place_that_cannot_be_written_is_named_in_two_sentences(
    out: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder's name is mistyped more often than a stack's."""
    (tmp_path / "file").touch()
    (tmp_path / "taken" / "tempo.yaml").mkdir(parents=True)
    assert run(lambda: main(["snapshot", "dojo", "--out", str(tmp_path / out)])) == 1
    told = capsys.readouterr().err
    assert told.startswith(str(tmp_path / out))
    assert len(told.splitlines()) == 2


def test_no_place_at_all_is_not_the_folder_that_this_runs_in(capsys: pytest.CaptureFixture[str]) -> None:
    """`make render OUT=` would write over the checkout."""
    with pytest.raises(SystemExit):
        main(["snapshot", "dojo", "--out", ""])
    assert "name the folder" in capsys.readouterr().err


@pytest.mark.parametrize("stack", STACKS)
def test_a_second_look_gives_the_same_bytes(stack: str) -> None:
    assert snapshot_files(stack_file(stack), stack) == snapshot_files(stack_file(stack), stack)


def test_resources_are_sorted_and_name_their_parents() -> None:
    listed = resources(record_program(as_config(sections("dojo")), "dojo").registrations, {})
    order = [(found["type"], found["name"]) for found in listed]
    assert order == sorted(order)
    parents = {found["name"]: found["parent"] for found in listed}
    assert parents["tempo-server"] == "fawkes:tracing:TempoMonolith::tempo"


@pytest.mark.parametrize("stack", STACKS)
def test_a_resource_list_shows_what_a_reviewer_must_not_miss(stack: str) -> None:
    """Losing `protect` or a dependency must be a visible difference."""
    recorder = record_program(as_config(sections(stack)), stack)
    listed = {found["name"]: found for found in resources(recorder.registrations, {})}
    for found in recorder.registrations:
        shown = listed[found.name]
        assert shown.get("protect", False) is found.protect
        assert shown.get("retain_on_delete", False) is found.retain_on_delete
        assert len(shown.get("depends_on", [])) == len(found.dependencies)
    assert any("depends_on" in found for found in listed.values())
    assert any("protect" in found for found in listed.values()) is settings_of(stack).environment.protect_stateful


@pytest.mark.parametrize("stack", STACKS)
def test_a_resource_list_can_be_read_line_by_line(stack: str) -> None:
    """A rendered file is named instead of repeated, a document is data, and a script is its lines."""
    text = (REPO / "rendered" / stack / "resources.json").read_text(encoding="utf-8")
    assert max(len(line) for line in text.splitlines()) < 200
    assert '"contents of": "collector-gateway.yaml"' in text
    assert "\\n" not in text


@pytest.mark.parametrize("stack", STACKS)
def test_no_stale_file_is_left_among_the_rendered(stack: str) -> None:
    committed = {path.name for path in (REPO / "rendered" / stack).iterdir()}
    assert committed == set(snapshot_files(stack_file(stack), stack))


def test_a_committed_resource_list_is_json_without_secrets() -> None:
    for stack in STACKS:
        text = (REPO / "rendered" / stack / "resources.json").read_text(encoding="utf-8")
        secrets = [found for found in json.loads(text) if found["type"].endswith(":Secret")]
        assert all(secret["inputs"]["stringData"] == SECRET for secret in secrets)


def test_a_failing_assertion_inside_apply_fails_the_recording() -> None:
    """What every other test of resources relies on."""

    def made() -> None:
        config = core.ConfigMap("x", metadata={"name": "given"})

        def check(name: str) -> None:
            assert name == "another"

        config.metadata.name.apply(check)

    with pytest.raises(AssertionError):
        record(made, {}, "test")


def test_recordings_leave_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_CONFIG", '{"before":"1"}')
    record(lambda: core.Secret("x", string_data={"a": pulumi.Output.secret("planted")}), {"k:v": "1"}, "test")
    assert os.environ["PULUMI_CONFIG"] == '{"before":"1"}'
    again = record(lambda: core.ConfigMap("y"), {}, "test")
    assert [found.name for found in again.registrations] == ["fawkes-tracing-test", "y"]


def test_a_config_that_unfolds_without_end_is_refused(tmp_path: Path) -> None:
    """Whoever reads a stack file reads it as safely as the command that judges it."""
    path = tmp_path / "Pulumi.endless.yaml"
    laughs = "".join(f"l{n}: &l{n} {{<<: [{', '.join([f'*l{n - 1}'] * 9)}]}}\n" for n in range(1, 30))
    path.write_text(f"a: &l0 {{x: 1}}\n{laughs}config: {{}}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="aliases"):
        stack_config(path)


def test_a_config_is_what_stands_below_config() -> None:
    assert set(stack_config(stack_file("dojo"))) == set(as_config(sections("dojo")))
