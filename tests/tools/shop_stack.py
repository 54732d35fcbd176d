"""The dojo with tenants as processes under the load of a shop: agent, gateway, Tempo and a Prometheus.

Only addresses, folders and the intervals in which metrics change differ from what is deployed.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

from lab.traces.shop import Shop
from plan.limits import checked_plan
from render.files import Rendered, render
from render.grafana import jobs
from render.names import SPAN_METRICS_PORT, TEMPO_HTTP_PORT
from settings.stack import StackSettings
from tests.support.processes import processes
from tests.support.query_answers import Answers, Parameters
from tests.support.stacks import settings_of
from tests.support.tools import tempos
from tests.tools import prometheus
from tests.tools.loopback import AGENT, GATEWAY, TEMPO, collector, direct_session
from tests.tools.monolith import start_monolith
from tests.tools.node_api import api_server
from tests.tools.span_metrics_stack import agent_config

# The namespace of the Pod to which this process belongs.
TENANT = "team-b"
_TEMPO_HOST = "tempo.fawkes-observability.svc"
# Longer than the load and the time until everything is in Prometheus.
_RANGE_SECONDS = 120


@dataclass(frozen=True)
class ShopStack:
    """The settings of what runs, the agent's stub, and the queries' answers."""

    settings: StackSettings
    agent: TraceServiceStub
    answers: Answers

    def send(self, seconds: float, traces_a_second: int) -> None:
        """Send the load of the shop, a request each half second."""
        shop, end = Shop(seed=1), time.monotonic() + seconds
        while time.monotonic() < end:
            self.agent.Export(shop.requests(traces_a_second // 2, time.time_ns()), timeout=10)
            time.sleep(0.5)


def stack_settings() -> StackSettings:
    """Return the dojo's settings with two tenants and the shortest waits."""
    return settings_of(
        "dojo",
        {
            "sampling.decision_wait_seconds": 5,
            "tempo.trace_idle_seconds": 1,
            "tenants.mode": "by_namespace",
            "tenants.namespaces": [TENANT],
            "grafana.prometheus_url": f"http://{prometheus.HOST}:9090",
        }
        | tempos()[0].settings,
    )


@contextmanager
def shop_stack(folder: Path) -> Iterator[ShopStack]:
    """Run everything until the end of the block."""
    settings = stack_settings()
    rendered = render(settings, checked_plan(settings))
    with ExitStack() as running:
        own = running.enter_context(processes(_own(folder, "tempo")))
        job = yaml.safe_load(f"{{{jobs.tempo(settings).replace('=', ': ')}}}")["job"]
        prometheus.start_prometheus(own, [f"{AGENT}:{SPAN_METRICS_PORT}"], {job: f"{TEMPO}:{TEMPO_HTTP_PORT}"})
        start_monolith(own, tempos()[0].program, _quick(rendered))
        gateway = rendered.gateway.replace(_TEMPO_HOST, TEMPO)
        running.enter_context(collector(_own(folder, "gateway"), gateway, GATEWAY, {}))
        kubeconfig = running.enter_context(api_server(folder))
        environment = {"KUBECONFIG": str(kubeconfig), "K8S_NODE_NAME": "node-1"}
        agent = running.enter_context(collector(_own(folder, "agent"), agent_config(settings), AGENT, environment))
        prometheus.wait_until_ready()
        yield ShopStack(settings, agent, _answers())
        own.assert_alive()
        # Tempo would first wait until its blocks are written.
        own.kill_all()


def _quick(rendered: Rendered) -> Rendered:
    """Return Tempo's configuration with metrics that change every second instead of every 15."""
    config: dict[str, Any] = yaml.safe_load(rendered.tempo)
    config["metrics_generator"].setdefault("registry", {})["collection_interval"] = "1s"
    return replace(rendered, tempo=yaml.safe_dump(config))


def _answers() -> Answers:
    window = f"{_RANGE_SECONDS}s"
    spans = {"__rate_interval": window, "__range": window, "__interval": "5s"}
    return Answers(prometheus.get, _tempo, spans, seconds=5 * _RANGE_SECONDS, zeros=False)


def _tempo(path: str, parameters: Parameters) -> Any:
    with direct_session() as session:
        session.headers["X-Scope-OrgID"] = TENANT
        answer = session.get(f"http://{TEMPO}:{TEMPO_HTTP_PORT}{path}", params=dict(parameters), timeout=10)
    assert answer.ok, f"{answer.status_code}: {answer.text}"
    return answer.json()


def _own(folder: Path, name: str) -> Path:
    found = folder / name
    found.mkdir()
    return found
