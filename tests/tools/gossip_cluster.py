"""The smallest rendered Tempo whose processes find each other by gossip, where there are only IPv6 addresses.

A distributor, an ingester, a querier and a query frontend: three members of the gossip. Each knows its address as
a Pod does, by a variable.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import yaml

from lab.monitoring.exposition import samples, series
from plan.limits import checked_plan
from render.files import Rendered, render
from render.names import OTLP_HTTP_PORT, TEMPO_ADDRESS_VARIABLE, TEMPO_GRPC_PORT, TEMPO_HTTP_PORT
from render.text import to_yaml
from render.tls import TLS_FOLDER
from tests.cluster.tempo_api import TempoApi
from tests.support.processes import Processes, processes
from tests.support.stacks import ABSENT, merge
from tests.support.tools import tempo_of
from tests.support.waiting import eventually
from tests.tools.loopback import direct_session
from tests.tools.spans import failed_trace
from tests.tools.tempo_cluster import TENANTS, cluster_settings

MEMBERS = ("distributor", "ingester", "querier")
_FRONTEND = "query-frontend"
ADDRESS: Mapping[str, str] = {name: f"fd00::{10 + number}" for number, name in enumerate((*MEMBERS, _FRONTEND))}
# A member that is declared dead is forgotten after 1 s instead of 30 s, and an ingester that sent no heartbeat is
# not used after 20 s instead of 5 minutes. What precedes that (probes, and the time for a suspect to answer) is
# not configurable, but with three members it takes a minute instead of many.
_QUICK: Mapping[str, Any] = {
    "memberlist": {"gossip_to_dead_nodes_time": "1s"},
    "ingester": {
        "lifecycler": {
            "ring": {"heartbeat_timeout": "20s", "replication_factor": 1},
            "min_ready_duration": "0s",
        }
    },
}
_READY_SECONDS = 120.0


@dataclass(frozen=True)
class GossipCluster:
    """A running Tempo, for the thread in whose network it runs."""

    session: requests.Session
    running: Processes

    def write(self) -> tuple[int, str]:
        """Send one trace over HTTP; return the response's status, 0 if there was none, and the trace's id."""
        trace_id = secrets.token_bytes(16)
        try:
            answer = self.session.post(
                f"http://[{ADDRESS['distributor']}]:{OTLP_HTTP_PORT}/v1/traces",
                data=failed_trace(trace_id, 1, 100).SerializeToString(),
                headers={"Content-Type": "application/x-protobuf"},
                timeout=20,
            )
        except requests.RequestException:
            return 0, trace_id.hex()
        return answer.status_code, trace_id.hex()

    def search(self) -> set[str]:
        """Return the ids of all traces that a search finds, none when it fails."""
        try:
            return set(TempoApi(_url(_FRONTEND), self.session).search("{}", limit=1000))
        except requests.RequestException:
            return set()

    def members(self, name: str) -> int:
        """Return how many members of the gossip a process knows, itself included; 0 when it does not answer."""
        return self.members_known_at(ADDRESS[name])

    def members_known_at(self, address: str) -> int:
        """Return the same for a process at another address than that of its name."""
        try:
            page = self.session.get(f"http://[{address}]:{TEMPO_HTTP_PORT}/metrics", timeout=10).text
        except requests.RequestException:
            return 0
        found = series(samples(page), "tempo_memberlist_client_cluster_members_count")
        assert found, f"the process at {address} is no member of the gossip"
        return int(found[0].value)

    def is_ready(self, name: str) -> bool:
        """Return whether a process answers its readiness probe."""
        try:
            return self.session.get(f"{_url(name)}/ready", timeout=10).ok
        except requests.RequestException:
            return False


@contextmanager
def gossip_cluster(
    folder: Path, changes: Mapping[str, Any] | None = None, certificates: Path | None = None
) -> Iterator[GossipCluster]:
    """Run every process until the end of the block; the network of the calling thread must have `ADDRESS`.

    `certificates` is the folder of them, for changed settings with TLS.
    """
    rendered = rendered_cluster(changes)
    with processes(folder) as running, direct_session() as session:
        session.headers["X-Scope-OrgID"] = TENANTS[0]
        for name in ADDRESS:
            start(running, name, rendered, certificates)
        cluster = GossipCluster(session, running)
        eventually(lambda: _is_whole(running, cluster), "all are ready and know each other", _READY_SECONDS)
        yield cluster


def rendered_cluster(changes: Mapping[str, Any] | None = None) -> Rendered:
    """Return what the processes are given, for settings with changes."""
    without_metrics = {
        "grafana.prometheus_url": ABSENT,
        "retention.aggregated_metrics_days": None,
        "span_metrics.source": "none",
    }
    settings = cluster_settings({**without_metrics, **(changes or {})})
    return render(settings, checked_plan(settings))


def _is_whole(running: Processes, cluster: GossipCluster) -> bool:
    running.assert_alive()
    return all(cluster.is_ready(name) for name in ADDRESS) and all(
        cluster.members(name) == len(MEMBERS) for name in MEMBERS
    )


def start(
    running: Processes, name: str, rendered: Rendered, certificates: Path | None = None, here: str = ""
) -> None:
    """Start a process at its address or, beside that one, at another."""
    folder = running.folder / (f"{name}-{here.rpartition(':')[2]}" if here else name)
    folder.mkdir()
    (folder / "overrides.yaml").write_text(rendered.tempo_overrides, encoding="utf-8")
    text = rendered.tempo.replace(TLS_FOLDER, str(certificates)) if certificates else rendered.tempo
    config = merge(merge(yaml.safe_load(text), _QUICK), _places(folder, here or ADDRESS[name]))
    # Queries need no cache.
    del config["cache"]
    (folder / "tempo.yaml").write_text(to_yaml(config), encoding="utf-8")
    flags = (f"-config.file={folder}/tempo.yaml", "-config.expand-env=true", f"-target={name}")
    # Only 2.x has ingesters.
    program = tempo_of(2).program
    running.start(folder.name, [program, *flags], {TEMPO_ADDRESS_VARIABLE: here or ADDRESS[name]})


def _places(folder: Path, here: str) -> dict[str, Any]:
    """Return where a process listens beside others on one machine, whom it asks, and where its data is."""
    receivers = {"grpc": {"endpoint": f"[{here}]:4317"}, "http": {"endpoint": f"[{here}]:{OTLP_HTTP_PORT}"}}
    return {
        "server": {"http_listen_address": here, "grpc_listen_address": here},
        "memberlist": {"join_members": [f"[{ADDRESS[member]}]:7946" for member in MEMBERS]},
        "distributor": {"receivers": {"otlp": {"protocols": receivers}}},
        "querier": {"frontend_worker": {"frontend_address": f"[{ADDRESS[_FRONTEND]}]:{TEMPO_GRPC_PORT}"}},
        "storage": {
            "trace": {
                "backend": "local",
                "local": {"path": str(folder.parent / "blocks")},
                "wal": {"path": f"{folder}/wal"},
            }
        },
        "overrides": {"per_tenant_override_config": f"{folder}/overrides.yaml"},
    }


def _url(name: str) -> str:
    return f"http://[{ADDRESS[name]}]:{TEMPO_HTTP_PORT}"
