import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lab.commands.up import up, up_simulated
from lab.errors import LabError
from lab.node import Node
from lab.progress import Progress
from lab.target import stacks
from lab.target.target import Target, simulated_folder
from tests.lab.node.test_configs import SIMULATED
from tests.support.recorded_engine import RecordedEngine, RecordedTarget, recorded_engine
from tests.support.stacks import settings_of

pytestmark = pytest.mark.usefixtures("own_folders")


@pytest.mark.parametrize("stack", ["nope", "prod"])
def test_nothing_is_built_or_started_for_a_refused_stack(stack: str, progress: Progress) -> None:
    """A mistake in a file must not cost twenty minutes of compiling first."""
    with pytest.raises(LabError):
        up(stack, progress)
    assert progress.steps == {}


def test_who_is_not_root_is_told_the_two_ways_on(progress: Progress, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is built."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(LabError, match="needs root") as refusal:
        up("dojo", progress)
    assert "sudo make up" in refusal.value.fix
    assert "FAWKES_KUBECONFIG" in refusal.value.fix
    assert progress.steps == {}


class _State:
    """The shared state of a stack that nobody else changes; `steps` is what was done with it."""

    steps: list[str]

    def __init__(self, *_: object) -> None:
        """Nothing is read from a cluster."""

    def fetch(self) -> None:
        """Note it."""
        self.steps.append("fetched")

    @contextlib.contextmanager
    def kept(self, *, previewed: bool) -> Iterator[None]:
        """Note that the state would be stored as changed by this user."""
        self.steps.append("kept, as previewed" if previewed else "kept")
        yield


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is done with the shared state; nothing is built."""
    steps: list[str] = []
    monkeypatch.setattr(_State, "steps", steps, raising=False)
    monkeypatch.setattr("lab.commands.up.SharedState", _State)
    monkeypatch.setattr("lab.commands.up.build_all", lambda *_: None)
    return steps


def target(engine: RecordedEngine, node: Node | None) -> Target:
    """Return a target of this engine, the user's own cluster if there is no node."""
    return RecordedTarget(engine.home / "kubeconfig", engine.home, node, recorded=engine)


def test_what_the_policies_accept_is_previewed_and_then_deployed(
    progress: Progress, state: list[str], tmp_path: Path
) -> None:
    engine = recorded_engine(tmp_path)
    with pytest.raises(LabError, match="Deployed"):
        up("prod", progress, target(engine, None))
    assert (engine.ran, state) == (["preview", "up"], ["fetched", "kept, as previewed"])


def test_what_the_policies_refuse_is_not_deployed_and_nobody_is_said_to_have_changed_it(
    progress: Progress, state: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does an answer in advance help: this is no question."""
    monkeypatch.setenv("YES", "1")
    engine = recorded_engine(tmp_path, refusal="no key")
    with pytest.raises(LabError, match="Nothing was changed"):
        up("prod", progress, target(engine, None))
    assert (engine.ran, state) == (["preview"], ["fetched"])


def test_a_simulated_stack_is_previewed_first_too(
    progress: Progress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = recorded_engine(tmp_path, refusal="no key")
    simulated = target(engine, Node(simulated_folder(), SIMULATED))
    monkeypatch.setattr("lab.commands.up.start_simulated", lambda *_: simulated)
    with pytest.raises(LabError, match="Nothing was changed"):
        up_simulated("prod", progress)
    assert engine.ran == ["preview"]


@pytest.mark.parametrize(("changes", "with_issuer", "built"), [
    ({}, False, False),
    ({"tls.otlp": "mutual_tls", "tls.issuer": {"name": "fawkes-tracing"}}, False, True),
    ({}, True, True),
])  # fmt: skip
def test_cert_manager_is_built_only_where_a_stack_names_an_issuer_or_will(
    progress: Progress,
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, Any],
    *,
    with_issuer: bool,
    built: bool,
) -> None:
    """It takes a minute to compile, which nobody should wait for in vain."""
    wanted: list[str] = []

    def queue(_: Progress, names: list[str], __: object) -> None:
        wanted.extend(names)
        raise LabError("Only this far.", "")

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr("lab.commands.up.BuildQueue", queue)
    monkeypatch.setattr(stacks, "runnable_settings", lambda _: settings_of("dojo", changes))
    with pytest.raises(LabError, match="Only this far"):
        up("dojo", progress, with_issuer=with_issuer)
    assert ("cert-manager" in wanted) is built
