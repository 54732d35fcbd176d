"""The rendered Tempo of the dojo as a process on this machine."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from render.files import Rendered
from render.names import TEMPO_ADDRESS_VARIABLE, TEMPO_DATA_FOLDER, TEMPO_HTTP_PORT
from tests.support.processes import Processes
from tests.support.waiting import eventually
from tests.tools.loopback import MONOLITH_GRPC, TEMPO, listening_at
from tests.tools.self_metrics import counted


def start_monolith(
    running: Processes, program: Path, rendered: Rendered, ingestion: Mapping[str, int] | None = None
) -> None:
    """Start the process `tempo` at TEMPO, with other limits of ingestion for every tenant, and wait for it."""
    config: dict[str, Any] = yaml.safe_load(
        listening_at(TEMPO, rendered.tempo).replace(TEMPO_DATA_FOLDER, str(running.folder / "data"))
    )
    config["server"] |= {"http_listen_address": TEMPO, **MONOLITH_GRPC}
    # Counting the accepted spans needs no object store.
    config["storage"]["trace"] |= {"backend": "local", "local": {"path": str(running.folder / "blocks")}}
    overrides: dict[str, Any] = yaml.safe_load(rendered.tempo_overrides)
    for block in overrides["overrides"].values():
        block["ingestion"] |= ingestion or {}
    config["overrides"]["per_tenant_override_config"] = str(running.folder / "overrides.yaml")
    (running.folder / "overrides.yaml").write_text(yaml.safe_dump(overrides), encoding="utf-8")
    (running.folder / "tempo.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    flags = (f"-config.file={running.folder}/tempo.yaml", "-config.expand-env=true")
    running.start("tempo", [program, *flags], {TEMPO_ADDRESS_VARIABLE: TEMPO})
    eventually(lambda: counted(TEMPO, TEMPO_HTTP_PORT, "tempo_build_info"), "Tempo answers")
