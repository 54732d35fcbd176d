"""Which cluster `make ready` looks at."""

from pathlib import Path

import pytest

from lab.commands import ready
from lab.target.target import Target

pytestmark = pytest.mark.usefixtures("own_folders")


def test_a_cluster_that_the_user_named_is_looked_at_whether_or_not_it_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """That it does not answer is a sentence of the report."""
    monkeypatch.setenv("FAWKES_KUBECONFIG", "~/none")
    assert ready.cluster_environment() == {"KUBECONFIG": str(Path("~/none").expanduser())}


def test_without_a_lab_the_users_own_kubeconfig_is_left_to_decide() -> None:
    assert ready.cluster_environment() == {}


def test_the_report_runs_in_place_of_the_lab_with_that_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its exit code is the one of `make ready`."""
    ran: list[tuple[list[str], str]] = []

    def execve(_: str, arguments: list[str], environment: dict[str, str]) -> None:
        ran.append((arguments[1:], environment["KUBECONFIG"]))

    monkeypatch.setenv("FAWKES_KUBECONFIG", "/a/config")
    monkeypatch.setattr("os.execve", execve)
    ready.report("prod")
    assert ran == [(["-m", "ready", "prod"], "/a/config")]


def test_the_labs_node_is_looked_at_without_the_context_of_the_real_cluster(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its kubeconfig has a context of its own only, as for a deployment to it."""
    ran: list[list[str]] = []
    node = Target(tmp_path / "config", tmp_path, None)
    monkeypatch.setattr(ready, "running_node", lambda: node)
    monkeypatch.setattr("os.execve", lambda _, arguments, __: ran.append(arguments[1:]))
    ready.report("prod")
    assert ran == [["-m", "ready", "--current-context", "prod"]]
