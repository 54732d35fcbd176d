import os

import pytest

from lab.commands.up import up
from lab.errors import LabError
from lab.progress import Progress

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
