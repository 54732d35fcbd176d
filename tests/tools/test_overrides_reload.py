"""A real Tempo accepts the rendered limits and reloads them while it runs, with tenants and without."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from plan.plan import make_plan
from render.files import render
from render.names import TEMPO_ADDRESS_VARIABLE, TEMPO_DATA_FOLDER, TEMPO_HTTP_PORT
from tests.support.processes import Processes, processes
from tests.support.stacks import settings_of
from tests.support.tools import Tempo, tempos
from tests.support.waiting import eventually
from tests.tools.loopback import MONOLITH_GRPC, TEMPO, direct_session, listening_at

pytestmark = pytest.mark.tools

_SECONDS = 30.0
_TENANTS: dict[str, Any] = {
    "tenants.mode": "by_namespace",
    "tenants.namespaces": ["team-a"],
    "retention.long_term_hours": 48,
}
_MORE: dict[str, Any] = {"retention.detailed_hours": 30, "load.peak_spans_per_second": 60_000}


def _files(tempo: Tempo, folder: Path, changes: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Return the dojo's configuration for a process on loopback with local blocks, and its limits."""
    settings = settings_of("dojo", changes | tempo.settings)
    rendered = render(settings, make_plan(settings))
    text = listening_at(TEMPO, rendered.tempo).replace(TEMPO_DATA_FOLDER, str(folder / "data"))
    config: dict[str, Any] = yaml.safe_load(text)
    config["server"] |= {"http_listen_address": TEMPO, **MONOLITH_GRPC}
    config["storage"]["trace"] |= {"backend": "local", "local": {"path": str(folder / "blocks")}}
    config["overrides"] |= {
        "per_tenant_override_config": str(folder / "overrides.yaml"),
        "per_tenant_override_period": "1s",
    }
    return config, rendered.tempo_overrides


def _start(running: Processes, tempo: Tempo, changes: dict[str, Any]) -> None:
    config, _ = _files(tempo, running.folder, changes)
    (running.folder / "tempo.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    flags = (f"-config.file={running.folder}/tempo.yaml", "-config.expand-env=true")
    running.start("tempo", [tempo.program, *flags], {TEMPO_ADDRESS_VARIABLE: TEMPO})


def _limits() -> dict[str, Any] | None:
    """Return the limits by tenant that Tempo uses, None while it answers with an error."""
    with direct_session() as session:
        answer = session.get(f"http://{TEMPO}:{TEMPO_HTTP_PORT}/status/runtime_config", timeout=2.0)
    # The first line repeats the request.
    shown = yaml.safe_load(answer.text.partition("\n")[2]) if answer.ok else {}
    limits: dict[str, Any] | None = shown.get("overrides")
    for block in (limits or {}).values():
        # Tempo keeps them as a set, and shows it in any order.
        block.get("metrics_generator", {}).get("processors", []).sort()
    return limits


def _retention(limits: dict[str, Any] | None) -> dict[str, str]:
    return {tenant: block["compaction"]["block_retention"] for tenant, block in (limits or {}).items()}


@pytest.mark.parametrize(("tenants", "tenant"), [({}, "*"), (_TENANTS, "team-a")], ids=["one tenant", "tenants"])
def test_other_limits_and_tenants_apply_without_a_restart(
    tmp_path: Path, tenants: dict[str, Any], tenant: str
) -> None:
    for number, tempo in enumerate(tempos()):
        folder = tmp_path / str(number)
        folder.mkdir()
        before, after = _files(tempo, folder, tenants), _files(tempo, folder, tenants | _MORE)
        assert before[0] == after[0]
        overrides = folder / "overrides.yaml"
        overrides.write_text(before[1], encoding="utf-8")
        with processes(folder) as running:
            _start(running, tempo, tenants)
            found = eventually(_limits, "Tempo shows its limits", _SECONDS)
            assert _retention(found)[tenant] == "1d"
            overrides.write_text(after[1], encoding="utf-8")
            eventually(lambda: _retention(_limits()).get(tenant) == "1d6h", "Tempo has the new limits", _SECONDS)
            found = eventually(_limits, "Tempo shows its limits", _SECONDS)
            assert found[tenant]["ingestion"]["rate_limit_bytes"] > 15_000_000
            assert set(found) == set(yaml.safe_load(after[1])["overrides"])
            overrides.unlink()
            eventually(
                lambda: "failed to load config" in running.log("tempo").read_text(encoding="utf-8"),
                "Tempo misses the file",
            )
            assert eventually(_limits, "Tempo shows its limits", _SECONDS) == found
            running.assert_alive()


def test_without_its_limits_tempo_does_not_start(tmp_path: Path) -> None:
    """It would keep all blocks for as long as the longest retention, and accept Tempo's default rate."""
    tempo = tempos()[0]
    with processes(tmp_path) as running:
        _start(running, tempo, {})
        # Its exit code is 0 all the same.
        running.wait("tempo")
        log = running.log("tempo").read_text(encoding="utf-8")
        assert "failed to load runtime config" in log
        assert "no such file or directory" in log
