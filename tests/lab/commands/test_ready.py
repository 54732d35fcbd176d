"""Which cluster `make ready` looks at."""

from pathlib import Path

import pytest

from lab.commands import ready

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
