"""The driver with the real engine, on a program that needs no cluster."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest

from lab.engine.run import EngineError
from lab.errors import LabError
from lab.toolchain import build
from tests.support.engines import OverlaidEngine
from tests.support.lab_fixtures import absent

pytestmark = pytest.mark.engine

_PROGRAM = """
import pulumi, pulumi_random
config = pulumi.Config()
password = pulumi_random.RandomPassword("key", length=config.require_int("length"))
pulumi.export("key", password.result)
pulumi.export("length", config.require_int("length"))
"""
# A rule on each resource, and one on the whole stack, which the engine runs after an update only.
_POLICIES = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy, StackValidationPolicy

def short(args, report):
    if args.props.get("length", 0) > 50:
        report("It has more than 50 characters. Set probe:length to 50 or less.")

def few(args, report):
    if any(resource.props.get("length") == 40 for resource in args.resources):
        report("Some key has 40 characters.")

PolicyPack("probe", enforcement_level=EnforcementLevel.MANDATORY, policies=[
    ResourceValidationPolicy("short-keys", "Keys are short.", short),
    StackValidationPolicy("few-keys", "Keys are few.", few),
])
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> OverlaidEngine:
    """A stack of one password, brought up once."""
    pulumi = build.find("pulumi")
    if pulumi is None:
        absent("The engine is not built: run `make up` first.")
    folder = tmp_path_factory.mktemp("engine")
    repo = folder / "repo"
    repo.mkdir()
    (repo / "Pulumi.yaml").write_text(
        "{name: probe, runtime: {name: python, options: {virtualenv: .venv}}}", encoding="utf-8"
    )
    (repo / "Pulumi.dojo.yaml").write_text("{config: {'probe:length': 20}}", encoding="utf-8")
    (repo / "__main__.py").write_text(_PROGRAM, encoding="utf-8")
    engine = OverlaidEngine(repo=repo, stack="dojo", home=folder / "home", pulumi=pulumi)
    assert engine.up().changes == {"create": 2}
    return engine


@pytest.fixture
def checked(engine: OverlaidEngine, tmp_path: Path) -> OverlaidEngine:
    """The same stack with a policy pack."""
    pack = tmp_path / "policies"
    (pack / "config").mkdir(parents=True)
    (pack / "config" / "dojo.json").write_text("{}", encoding="utf-8")
    (pack / "PulumiPolicy.yaml").write_text("{runtime: python, version: 0.0.1}", encoding="utf-8")
    (pack / "__main__.py").write_text(_POLICIES, encoding="utf-8")
    return dataclasses.replace(engine, policies=pack)


def _state_file(engine: OverlaidEngine) -> Path:
    return engine.home / "backend" / ".pulumi" / "stacks" / "probe" / "dojo.json"


def test_a_second_run_changes_nothing(engine: OverlaidEngine) -> None:
    """Neither does a refresh find anything."""
    assert engine.refresh().changes == {"same": 2}
    engine.preview("--expect-no-changes")
    assert engine.up().changes == {"same": 2}


def test_one_setting_can_be_changed_for_one_preview(engine: OverlaidEngine) -> None:
    """The committed file stays as it is, and so does the stack."""
    changed = OverlaidEngine.of(engine, {"probe:length": 30})
    assert "length: 20 => 30" in changed.preview("--diff").text
    with pytest.raises(EngineError, match="no changes were expected"):
        changed.preview("--expect-no-changes")
    steps = [step["op"] for step in changed.preview_document()["steps"]]
    assert "replace" in steps
    engine.preview("--expect-no-changes")


@pytest.mark.parametrize(
    ("length", "sentences"),
    [
        (60, ["short-keys: Keys are short.", "RandomPassword key: It has more than 50 characters."]),
        (40, ["few-keys: Keys are few.", "Some key has 40 characters."]),
    ],
)
def test_a_preview_is_refused_by_the_policies_with_their_sentences(
    length: int, sentences: list[str], checked: OverlaidEngine
) -> None:
    """The one on the whole stack too; the event log has them for the comment."""
    refused = OverlaidEngine.of(checked, {"probe:length": length})
    with pytest.raises(EngineError, match="The policies refuse this") as caught:
        refused.preview()
    assert all(sentence in caught.value.what for sentence in sentences)
    assert '"policyEvent"' in refused.events("preview").read_text(encoding="utf-8")
    assert checked.preview("--expect-no-changes").events == checked.events("preview")


def test_an_update_alone_tells_of_a_rule_on_the_stack_when_it_is_too_late(
    checked: OverlaidEngine, tmp_path: Path
) -> None:
    """So `make up` previews first. Once the engine refuses it before, that preview can go."""
    late = dataclasses.replace(OverlaidEngine.of(checked, {"probe:length": 40}), home=tmp_path)
    with pytest.raises(EngineError, match="few-keys"):
        late.up()
    assert late.outputs()["length"] == 40


def test_secrets_are_shown_only_on_demand_and_never_in_a_file(engine: OverlaidEngine) -> None:
    """Not in the state, not in a log, not in the engine's events."""
    assert engine.outputs() == {"key": "[secret]", "length": 20}
    key = engine.outputs(show_secrets=True)["key"]
    assert len(key) == 20
    files = [path for path in engine.home.rglob("*") if path.is_file()]
    assert _state_file(engine) in files
    assert [path for path in files if key in path.read_text(errors="replace", encoding="utf-8")] == []


def test_a_programs_error_is_told_without_its_traceback(engine: OverlaidEngine) -> None:
    """A person who set a wrong value needs that sentence only."""
    with pytest.raises(EngineError) as caught:
        OverlaidEngine.of(engine, {"probe:length": "long"}).preview()
    assert caught.value.what.splitlines() == [
        "The engine failed:",
        "  Configuration 'probe:length' value 'long' is not a valid 'int'",
    ]


def test_the_checkout_is_left_as_it_was(engine: OverlaidEngine) -> None:
    """No salt in the committed stack file, no folder of the engine's."""
    files = {path.name for path in engine.repo.iterdir()} - {"__pycache__"}
    assert files == {"Pulumi.yaml", "Pulumi.dojo.yaml", "__main__.py"}
    assert (engine.repo / "Pulumi.dojo.yaml").read_text(encoding="utf-8") == "{config: {'probe:length': 20}}"


def _leave_lock(engine: OverlaidEngine, pid: int) -> Path:
    folder = engine.home / "backend" / ".pulumi" / "locks" / "organization" / "probe" / "dojo"
    folder.mkdir(parents=True, exist_ok=True)
    lock = folder / "left.json"
    content = {"pid": pid, "username": "x", "hostname": "x", "timestamp": "2026-01-01T00:00:00Z"}
    lock.write_text(json.dumps(content), encoding="utf-8")
    return lock


def _ended_process() -> int:
    """Return the number of a process that is gone."""
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    return int(ended.stdout)


def test_a_state_takes_the_place_of_one_that_a_killed_run_locked(engine: OverlaidEngine) -> None:
    """A user who returns to a cluster that others changed meanwhile gets their state first."""
    lock, state = _leave_lock(engine, _ended_process()), engine.export_state(show_secrets=True)
    engine.import_state(state)
    assert not lock.exists()
    assert engine.export_state(show_secrets=True) == state


def test_the_resources_of_a_state_are_read_without_the_engine(engine: OverlaidEngine, tmp_path: Path) -> None:
    """As before a question that must not wait for a build."""
    known = [resource["urn"] for resource in engine._project.resources()]
    assert known == [resource["urn"] for resource in engine.export_state()["deployment"]["resources"]]
    assert dataclasses.replace(engine, home=tmp_path)._project.resources() == []


def test_what_a_killed_run_left_is_cleared(engine: OverlaidEngine) -> None:
    """Its lock, and the operation that it did not finish."""
    lock = _leave_lock(engine, _ended_process())
    state = json.loads(_state_file(engine).read_text(encoding="utf-8"))
    resources = state["checkpoint"]["latest"]["resources"]
    pending = {"resource": resources[-1] | {"urn": resources[-1]["urn"] + "-lost"}, "type": "creating"}
    state["checkpoint"]["latest"]["pending_operations"] = [pending]
    _state_file(engine).write_text(json.dumps(state), encoding="utf-8")
    assert engine.up().changes == {"same": 2}
    assert not lock.exists()
    assert "pending_operations" not in engine.export_state()["deployment"]


def test_a_run_that_is_alive_is_not_disturbed(engine: OverlaidEngine, tmp_path: Path) -> None:
    """Two at once would overwrite each other's state."""
    other = tmp_path / "pulumi"
    other.symlink_to("/bin/sleep")
    with subprocess.Popen([other, "60"]) as running:
        lock = _leave_lock(engine, running.pid)
        with pytest.raises(LabError, match=f"process {running.pid}"):
            engine.preview()
        assert lock.exists()
        lock.unlink()
        running.terminate()


def test_a_destroyed_stack_can_be_destroyed_again(engine: OverlaidEngine, tmp_path: Path) -> None:
    """A separate stack, because the other tests need theirs."""
    own = dataclasses.replace(engine, home=tmp_path)
    own.up()
    assert own.destroy().changes == {"delete": 2}
    assert own.destroy().changes == {}
