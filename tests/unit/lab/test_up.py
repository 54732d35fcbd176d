import io
import os
from collections.abc import Iterator

import pytest
from rich.console import Console

from lab.errors import LabError
from lab.progress import Progress
from lab.up import deployable_settings, up
from settings.support import unsupported
from tests.support.stacks import STACKS, settings_of

pytestmark = pytest.mark.usefixtures("own_folders")


@pytest.fixture
def progress() -> Iterator[Progress]:
    """Steps that nobody watches."""
    with Progress(console=Console(file=io.StringIO())) as steps:
        yield steps


def test_the_dojo_can_be_deployed() -> None:
    """It is what `make up` brings up."""
    assert deployable_settings("dojo") == settings_of("dojo")


@pytest.mark.parametrize("stack", [stack for stack in STACKS if list(unsupported(settings_of(stack)))])
def test_a_stack_that_cannot_be_deployed_whole_is_refused_with_every_gap(stack: str) -> None:
    """Half of production is worse than none, because it looks like success."""
    with pytest.raises(LabError) as refusal:
        deployable_settings(stack)
    for gap in unsupported(settings_of(stack)):
        assert gap in refusal.value.what
    assert f"make render STACK={stack}" in refusal.value.fix


def test_a_stack_that_is_not_there_is_named() -> None:
    """Typed by hand in STACK=..."""
    with pytest.raises(LabError, match=r"Pulumi\.nope\.yaml"):
        deployable_settings("nope")


def test_nothing_is_built_or_started_for_a_refused_stack(progress: Progress) -> None:
    """A mistake in a file must not cost twenty minutes of compiling first."""
    with pytest.raises(LabError):
        up("nope", progress)
    assert progress.steps == {}


def test_who_is_not_root_is_told_the_two_ways_on(progress: Progress, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is built."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(LabError, match="needs root") as refusal:
        up("dojo", progress)
    assert "sudo make up" in refusal.value.fix
    assert "FAWKES_KUBECONFIG" in refusal.value.fix
    assert progress.steps == {}
