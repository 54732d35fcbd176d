import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from lab.look.definitions import definitions_of
from lab.look.grafana import installed_grafana, provisioned, write_provisioning
from tests.support.stacks import settings_of

PROXY = "http://127.0.0.1:9999"


def stub(folder: Path, name: str) -> Path:
    """Return a program that writes its arguments and Grafana's variables to the file `seen` beside it."""
    folder.mkdir(parents=True)
    program = folder / name
    program.write_text(
        f'#!/bin/sh\necho "$@" > {folder}/seen\nenv | grep ^GF_ >> {folder}/seen\n', encoding="utf-8"
    )
    program.chmod(0o755)
    return program


@pytest.mark.parametrize(("name", "first"), [("grafana", "server"), ("grafana-server", "")])
def test_an_installed_grafana_is_started_with_our_provisioning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, first: str
) -> None:
    program = stub(tmp_path / "bin", name)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.defpath}")
    assert installed_grafana() == program
    grafana = provisioned(program, tmp_path / "grafana", 8300)
    subprocess.run(grafana.command, env={**os.environ, **grafana.environment}, check=True)
    arguments, *variables = (program.parent / "seen").read_text(encoding="utf-8").splitlines()
    assert arguments.startswith(first)
    assert {
        "GF_SERVER_HTTP_ADDR=127.0.0.1",
        "GF_SERVER_HTTP_PORT=8300",
        f"GF_PATHS_PROVISIONING={tmp_path}/grafana/provisioning",
        f"GF_PATHS_DATA={tmp_path}/grafana/data",
        "GF_ANALYTICS_REPORTING_ENABLED=false",
    } <= set(variables)


def test_without_one_the_page_is_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert installed_grafana() is None


def test_it_reads_the_stacks_dashboards_and_asks_through_our_server(tmp_path: Path) -> None:
    settings = settings_of("staging", {"tenants": {"mode": "by_namespace", "namespaces": ["backstage"]}})
    definitions = definitions_of("staging", settings, metrics=True)
    stale = tmp_path / "provisioning" / "boards" / "stale.json"
    stale.parent.mkdir(parents=True)
    stale.write_text("{}", encoding="utf-8")
    write_provisioning(tmp_path, settings, definitions, PROXY)
    (provider,) = _read(tmp_path / "provisioning" / "dashboards" / "tracing.yaml")["providers"]
    boards = sorted(Path(provider["options"]["path"]).iterdir())
    assert {board.name for board in boards} == set(definitions.dashboards)
    assert all(json.loads(board.read_text(encoding="utf-8"))["uid"] == board.stem for board in boards)
    sources = _read(tmp_path / "provisioning" / "datasources" / "tracing.yaml")["datasources"]
    of_tempo = {source["uid"]: source for source in sources if source["type"] == "tempo"}
    assert "tempo-backstage" in of_tempo
    for uid, source in of_tempo.items():
        assert source["url"] == f"{PROXY}/tempo/{uid}"
        assert "secureJsonData" not in source
        assert not source["jsonData"]["streamingEnabled"]["search"]


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
