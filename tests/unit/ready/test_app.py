"""The command: what is printed, and its exit code."""

import pytest

from ready import app
from ready.facts import Facts, Unknown
from ready.needs import Needs
from tests.unit.ready.good import ACCOUNT, ENDPOINT, facts, needs


def run(monkeypatch: pytest.MonkeyPatch, found: Facts) -> int:
    """Run the command with these facts about prod."""

    def read(wanted: Needs, tell: object) -> Facts:
        assert wanted.namespace == needs().namespace
        assert callable(tell)
        return found

    monkeypatch.setattr(app, "read", read)
    return app.main(["prod"])


def test_cluster_and_account_are_named_first_and_all_met_is_0(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who looks at the wrong cluster must see it before any sentence about it."""
    assert run(monkeypatch, facts()) == 0
    lines = capsys.readouterr().out.splitlines()
    assert ENDPOINT in lines[1]
    assert f"{ACCOUNT}, arn:aws:iam::{ACCOUNT}:user/deployer" in lines[2]
    assert lines[-1].startswith("32 met")
    assert "0 not met" in lines[-1]


def test_a_requirement_that_is_not_met_is_1_and_one_that_is_unknown_is_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, facts({"metrics_api": Unknown("403 Forbidden")})) == 0
    assert "Unknown, because 403 Forbidden." in capsys.readouterr().out
    assert run(monkeypatch, facts({"metrics_api": None})) == 1
    (line,) = [one for one in capsys.readouterr().out.splitlines() if one.startswith("✗")]
    assert line.startswith("✗ not met        metrics-server ")
    assert " → Install metrics-server" in line


def test_without_a_cluster_and_an_account_there_is_a_report_all_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert app.main(["prod"]) == 1
    shown = capsys.readouterr()
    assert "Cluster  none: the kubeconfig cannot be used" in shown.out
    assert "Account  none: no AWS credentials work; region eu-west-1" in shown.out
    assert "looking at account: credentials" in shown.err


def test_the_lab_has_the_current_context_looked_at_whatever_the_settings_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str | None] = []

    def read(wanted: Needs, _: object) -> Facts:
        asked.append(wanted.settings.cluster.context)
        return facts()

    monkeypatch.setattr(app, "needs_of", lambda *_: needs({"cluster": {"context": "prod"}}))
    monkeypatch.setattr(app, "read", read)
    assert [app.main(["prod"]), app.main(["--current-context", "prod"])] == [0, 0]
    assert asked == ["prod", None]


def test_a_stack_that_is_refused_is_told_as_by_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["nope"]) == 1
    assert "Pulumi.nope.yaml: refused, 1 problem" in capsys.readouterr().err
