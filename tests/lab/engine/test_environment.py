from pathlib import Path

import pytest

from lab.engine.environment import engine_environment
from lab.engine.project import Project
from lab.proxies import without_proxy
from settings.project import REPO


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(repo=REPO, stack="dojo", home=tmp_path)


def test_no_proxy_stands_between_the_engine_and_its_program(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Machines of companies name one; what they spare already stays spared."""
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("NO_PROXY", "intranet.example,localhost")
    found = engine_environment(project, Path(), without_proxy({"NO_PROXY": "intranet.example,localhost"}, "node"))
    assert found["NO_PROXY"] == found["no_proxy"] == "intranet.example,localhost,node,127.0.0.1"


def test_a_persons_own_settings_of_pulumi_stay_outside_but_for_the_kubernetes_plugins(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token or an organization would lead a run elsewhere; how objects are applied is asked of the person."""
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "secret")
    monkeypatch.setenv("PULUMI_K8S_ENABLE_PATCH_FORCE", "true")
    found = engine_environment(project, Path(), {})
    assert "PULUMI_ACCESS_TOKEN" not in found
    assert found["PULUMI_K8S_ENABLE_PATCH_FORCE"] == "true"
