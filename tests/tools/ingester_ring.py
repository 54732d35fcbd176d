"""Two real ingesters of the rendered Tempo 2 with one copy of each trace, and their writers and readers.

Only addresses, folders, the store and times differ from the rendered configuration. The store is a folder: which
one it is makes no difference to what an ingester flushes.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import yaml

from plan.limits import checked_plan
from render.files import render
from render.names import OTLP_GRPC_PORT, TEMPO_GRPC_PORT, TEMPO_HTTP_PORT
from settings.stack import StackSettings
from tests.cluster.tempo_api import TempoApi
from tests.support.processes import Processes, processes
from tests.support.stacks import ABSENT, PLAINTEXT, merge, settings_of
from tests.support.tools import tempo_of
from tests.support.waiting import eventually
from tests.tools.loopback import address, answers, direct_session

TENANT = "team-a"
INGESTERS = ("ingester-0", "ingester-1")
_NAMES = (*INGESTERS, "distributor", "compactor", "querier", "query-frontend")
_ADDRESS: Mapping[str, str] = {name: address(60 + number) for number, name in enumerate(_NAMES)}
_READY_SECONDS = 90.0
_ANSWER_SECONDS = 10.0
# Blocks are cut at the usual half hour, so that nothing is flushed unless a test asks for it.
_QUICK: Mapping[str, Any] = {
    "storage": {"trace": {"blocklist_poll": "2s"}},
    # The compactor lists the blocks for the queriers.
    "compactor": {"ring": {"wait_stability_min_duration": "1s"}},
    "shutdown_delay": "0s",
}


def _settings() -> StackSettings:
    return settings_of(
        "prod",
        {
            "tempo.ingesters": len(INGESTERS),
            **PLAINTEXT,
            "tempo.replication_factor": 1,
            "tempo.volume_size_gib": 4096,
            "tenants.namespaces": [TENANT],
            "grafana.prometheus_url": ABSENT,
            "retention.aggregated_metrics_days": ABSENT,
        },
    )


@dataclass(frozen=True)
class IngesterRing:
    """The running processes; `config` is the rendered one, `distributor` accepts spans."""

    running: Processes
    config: str
    distributor: grpc.Channel

    def start(self, name: str) -> None:
        """Start a process, on the folder that an earlier one of this name left."""
        folder = self.running.folder / name
        folder.mkdir(exist_ok=True)
        (folder / "overrides.yaml").write_text("overrides: {}\n", encoding="utf-8")
        (folder / "tempo.yaml").write_text(yaml.safe_dump(self._config_of(name)), encoding="utf-8")
        target = "ingester" if name in INGESTERS else name
        file = (f"-config.file={folder}/tempo.yaml", "-config.expand-env=true")
        flags = [*file, f"-target={target}", f"-ingester.lifecycler.ID={name}"]
        self.running.start(name, [tempo_of(2).program, *flags], {})

    def stop(self, name: str) -> None:
        """Stop a process as Kubernetes stops a Pod's, and wait for its end."""
        self.running.stop(name)

    def get(self, name: str, path: str) -> str:
        """Return a process's answer."""
        return self._answer("GET", name, path)

    def post(self, name: str, path: str) -> None:
        """Make a process do something."""
        self._answer("POST", name, path)

    def wait(self, ingesters: Sequence[str] = INGESTERS) -> None:
        """Wait until writers and readers ask these ingesters, and no other."""
        expected = dict.fromkeys(ingesters, "ACTIVE")
        eventually(lambda: self._seen_by("distributor") == expected, f"{ingesters} take spans", _READY_SECONDS)
        eventually(lambda: self._seen_by("querier") == expected, f"{ingesters} answer", _READY_SECONDS)
        # It fails every query while no querier has connected to it.
        eventually(
            lambda: answers(f"{_url('query-frontend')}/ready"), "the query frontend is ready", _READY_SECONDS
        )

    @contextmanager
    def api(self) -> Iterator[TempoApi]:
        """Connect to the query frontend as the tenant."""
        with direct_session() as session:
            session.headers["X-Scope-OrgID"] = TENANT
            yield TempoApi(_url("query-frontend"), session)

    def _answer(self, method: str, name: str, path: str) -> str:
        with direct_session() as session:
            session.headers["Accept"] = "application/json"
            answer = session.request(method, f"{_url(name)}{path}", timeout=_ANSWER_SECONDS)
            answer.raise_for_status()
            return answer.text

    def _seen_by(self, name: str) -> Mapping[str, str]:
        """Return the state of each ingester that a process knows."""
        self.running.assert_alive()
        found = json.loads(self.get(name, "/ingester/ring"))["shards"]
        # A process that has not met the others yet answers null.
        return {one["id"]: one["state"] for one in found or ()}

    def _config_of(self, name: str) -> dict[str, Any]:
        config = merge(merge(yaml.safe_load(self.config), _QUICK), _addresses(name, self.running.folder))
        del config["storage"]["trace"]["s3"], config["cache"]
        return config


@contextmanager
def ingester_ring(folder: Path) -> Iterator[IngesterRing]:
    """Run the processes until the end of the block."""
    settings = _settings()
    with processes(folder) as running, grpc.insecure_channel(f"{_ADDRESS['distributor']}:{OTLP_GRPC_PORT}") as to:
        ring = IngesterRing(running, render(settings, checked_plan(settings)).tempo, to)
        for name in _NAMES:
            ring.start(name)
        ring.wait()
        try:
            yield ring
        finally:
            # All members of a ring that leave at once wait for each other.
            running.kill_all()


def _addresses(name: str, folder: Path) -> dict[str, Any]:
    """Return a process's listen addresses, the members it joins, and its folders."""
    here, own = _ADDRESS[name], folder / name
    ring = {"instance_id": name, "instance_addr": here}
    grpc_endpoint, http_endpoint = {"endpoint": f"{here}:4317"}, {"endpoint": f"{here}:4318"}
    return {
        "server": {"http_listen_address": here, "grpc_listen_address": here},
        "memberlist": {"bind_addr": [here], "advertise_addr": here, "join_members": sorted(_ADDRESS.values())},
        "distributor": {
            "ring": ring,
            "receivers": {"otlp": {"protocols": {"grpc": grpc_endpoint, "http": http_endpoint}}},
        },
        "ingester": {"lifecycler": {"address": here}},
        "compactor": {"ring": ring},
        "querier": {"frontend_worker": {"frontend_address": f"{_ADDRESS['query-frontend']}:{TEMPO_GRPC_PORT}"}},
        "storage": {
            "trace": {"backend": "local", "local": {"path": f"{folder}/bucket"}, "wal": {"path": f"{own}/wal"}}
        },
        "overrides": {"per_tenant_override_config": f"{own}/overrides.yaml"},
    }


def _url(name: str) -> str:
    return f"http://{_ADDRESS[name]}:{TEMPO_HTTP_PORT}"
