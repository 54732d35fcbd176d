"""Two rendered agents and the rendered gateway of prod, with a Prometheus that scrapes the agents.

Only addresses, folders and the interval in which metrics change differ from what is deployed. Tempo is a recorder.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

from plan.limits import checked_plan
from render.files import render
from render.names import SPAN_METRICS_PORT
from settings.stack import StackSettings
from tests.support.processes import processes
from tests.support.stacks import PLAINTEXT, settings_of
from tests.tools import prometheus
from tests.tools.loopback import AGENT, GATEWAY, TEMPO, TEMPO_HOST, Recorder, address, collector, recorder
from tests.tools.node_api import api_server

AGENTS = (AGENT, address(43))
# In which metrics change in these tests; 30 s where it is deployed.
FLUSH_SECONDS = 2
_RESOLVER = re.compile(r"      dns:\n(?: {8}\S.*\n)+")


@dataclass(frozen=True)
class SpanMetricsStack:
    """Stubs of the agents, and what Tempo has received."""

    agents: list[TraceServiceStub]
    tempo: Recorder


def settings(changes: Mapping[str, Any]) -> StackSettings:
    """Return prod with the shortest wait, changed further."""
    return settings_of("prod", {"sampling.decision_wait_seconds": 5, **PLAINTEXT, **changes})


def agent_config(stack: StackSettings) -> str:
    """Return the agent's configuration with the gateway's address and the shorter interval."""
    config, found = _RESOLVER.subn(
        f'      static:\n        hostnames: ["{GATEWAY}:4317"]\n', render(stack, checked_plan(stack)).agent
    )
    assert found == 1, config
    changes = {
        "auth_type: serviceAccount": "auth_type: kubeConfig",
        "metrics_flush_interval: 30s": f"metrics_flush_interval: {FLUSH_SECONDS}s",
    }
    for old, new in changes.items():
        assert old in config, old
        config = config.replace(old, new)
    return config


@contextmanager
def span_metrics_stack(folder: Path, changes: Mapping[str, Any], agents: int = 2) -> Iterator[SpanMetricsStack]:
    """Run everything; the agents know one Pod, of namespace team-b, to which this process belongs."""
    stack = settings(changes)
    gateway = render(stack, checked_plan(stack)).gateway.replace(TEMPO_HOST, TEMPO)
    with ExitStack() as running:
        tempo = running.enter_context(recorder(TEMPO))
        running.enter_context(collector(_own(folder, "gateway"), gateway, GATEWAY, {}))
        kubeconfig = running.enter_context(api_server(folder))
        environment = {"KUBECONFIG": str(kubeconfig), "K8S_NODE_NAME": "node-1"}
        stubs = [
            running.enter_context(collector(_own(folder, host), agent_config(stack), host, environment))
            for host in AGENTS[:agents]
        ]
        scraper = running.enter_context(processes(_own(folder, "scraper")))
        prometheus.start_prometheus(scraper, [f"{host}:{SPAN_METRICS_PORT}" for host in AGENTS[:agents]])
        prometheus.wait_until_ready()
        yield SpanMetricsStack(stubs, tempo)
        scraper.assert_alive()


def _own(folder: Path, name: str) -> Path:
    found = folder / name
    found.mkdir()
    return found
