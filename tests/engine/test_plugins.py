"""The plugin that the engine starts, observed by what the plugin itself does."""

import shlex
from importlib.metadata import version
from pathlib import Path

import pytest

from lab.toolchain import build
from tests.support.lab_fixtures import absent
from tests.support.live import LiveStack

pytestmark = pytest.mark.engine


def test_an_installed_plugin_is_started_and_not_the_built_one(
    dojo: LiveStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine used to ignore its folder. Here it is a script that logs its start and runs the built plugin."""
    built = build.find("kubernetes-plugin")
    if built is None:
        absent("The Kubernetes plugin is not built: run `make up` first.")
    seen = tmp_path / "seen"
    folder = tmp_path / "plugins" / f"resource-kubernetes-v{version('pulumi_kubernetes')}"
    folder.mkdir(parents=True)
    program = folder / "pulumi-resource-kubernetes"
    program.write_text(
        f'#!/bin/sh\necho started >>{seen}\nexec {shlex.quote(str(built))} "$@"\n', encoding="utf-8"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
    dojo.engine().preview("--expect-no-changes")
    assert seen.read_text(encoding="utf-8").splitlines()

    monkeypatch.delenv("PULUMI_HOME")
    before = seen.read_text(encoding="utf-8")
    dojo.engine().preview("--expect-no-changes")
    assert seen.read_text(encoding="utf-8") == before
