"""Agent, gateway and Tempo of the dojo with two tenants in two tiers as processes, and the rendered check of them.

Only addresses, folders and times differ from what is deployed.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from plan.limits import checked_plan
from render.files import Rendered, render
from render.names import AGENT, GATEWAY, TEMPO, service_host
from render.synthetic_check import CONFIG_FILE
from settings.stack import StackSettings
from tests.support.processes import Processes, processes
from tests.support.stacks import settings_of
from tests.support.tools import tempos
from tests.tools import loopback
from tests.tools.loopback import address, collector
from tests.tools.monolith import start_monolith
from tests.tools.node_api import POD, NodeApi, api_server
from tests.tools.self_metrics import samples_at
from tests.tools.span_metrics_stack import agent_config

TENANT = "team-b"
_HOSTS: Mapping[str, str] = {AGENT: loopback.AGENT, GATEWAY: loopback.GATEWAY, TEMPO: loopback.TEMPO}
_PORT = 18080 + int(address(0).split(".")[2])
# Attempts follow each other at once; eight seconds are left for what comes after the shortest decision, of which a
# tick of the sampler, a batch and a flush may take three.
TIMES: Mapping[str, float] = {
    "interval_seconds": 1,
    "poll_seconds": 1,
    "deadline_seconds": 13,
    "request_seconds": 2,
    "stored_after_seconds": 8,
    "stored_every_seconds": 3,
}


@dataclass
class CheckedStack:
    """What runs; each of `parts` can be stopped and started."""

    folder: Path
    settings: StackSettings
    rendered: Rendered
    _parts: dict[str, ExitStack] = field(default_factory=dict)

    def start(self, part: str) -> None:
        """Start a part that does not run."""
        self._parts[part] = stack = ExitStack()
        folder = self.folder / part
        folder.mkdir(exist_ok=True)
        if part == TEMPO:
            own = stack.enter_context(processes(folder))
            stack.callback(own.kill_all)
            start_monolith(own, tempos()[0].program, self.rendered)
        elif part == GATEWAY:
            config = self._here(self.rendered.gateway)
            stack.enter_context(collector(folder, config, _HOSTS[GATEWAY], {}))
        elif part == AGENT:
            pod = {**POD, "metadata": {**POD["metadata"], "namespace": self.settings.environment.namespace}}
            kubeconfig = stack.enter_context(api_server(folder, NodeApi([pod])))
            environment = {"KUBECONFIG": str(kubeconfig), "K8S_NODE_NAME": "node-1"}
            config = agent_config(self.settings)
            stack.enter_context(collector(folder, config, _HOSTS[AGENT], environment))
        else:
            self._start_check(stack.enter_context(processes(folder)))

    def stop(self, part: str) -> None:
        """Stop a part."""
        self._parts.pop(part).close()

    def limit(self, tenant: str, rate_bytes: int) -> None:
        """Change a tenant's rate of ingestion while Tempo runs."""
        file = self.folder / TEMPO / "overrides.yaml"
        overrides: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        overrides["overrides"][tenant]["ingestion"] |= {
            "rate_limit_bytes": rate_bytes,
            "burst_size_bytes": rate_bytes,
        }
        file.write_text(yaml.safe_dump(overrides), encoding="utf-8")

    def series(self) -> dict[tuple[str, frozenset[str]], float]:
        """Return the check's metrics: values by name and the labels' values."""
        return {
            (sample.name, frozenset(sample.labels.values())): sample.value
            for sample in samples_at("127.0.0.1", _PORT)
        }

    def attempts(self, way: str, tenant: str, read: str) -> tuple[float, dict[str, float]]:
        """Return how many attempts succeeded, and how many failed by reason."""
        found = self.series()
        labels = {way, tenant, read}
        failed = {
            next(iter(values - labels)): value
            for (name, values), value in found.items()
            if name == "tracing_check_failures_total" and labels < values and value
        }
        total = found["tracing_check_attempts_total", frozenset(labels)]
        return total - sum(failed.values()), failed

    def checks(self) -> set[tuple[str, str, str]]:
        """Return way, tenant and read of every check that is rendered."""
        document = json.loads(self.rendered.synthetic_check[CONFIG_FILE])
        found = {(way["name"], way["tenant"], "write") for way in document["ways"]}
        for way in document["ways"]:
            reads = ("id", "search", *(("stored",) if way["name"] == "gateway" else ()))
            found |= {(way["name"], tenant, read) for tenant in way["tenants"] for read in reads}
        return found

    def close(self) -> None:
        """Stop everything, the check first."""
        for part in reversed(list(self._parts)):
            self.stop(part)

    def _start_check(self, running: Processes) -> None:
        package = running.folder / "synthetic"
        package.mkdir(exist_ok=True)
        for name, text in self.rendered.synthetic_check.items():
            (package / name).write_text(text, encoding="utf-8")
        config = json.loads(self._here(self.rendered.synthetic_check[CONFIG_FILE])) | TIMES | {"port": _PORT}
        (package / CONFIG_FILE).write_text(json.dumps(config), encoding="utf-8")
        command: list[str | Path] = [sys.executable, "-B", "-m", "synthetic", package / CONFIG_FILE]
        # A proxy for the internet must not matter.
        running.start("check", command, {"http_proxy": "http://127.0.0.1:1", "PATH": os.environ["PATH"]})

    def _here(self, text: str) -> str:
        for name, host in _HOSTS.items():
            text = text.replace(service_host(name, self.settings.environment.namespace), host)
        return text


@contextmanager
def checked_stack(folder: Path) -> Iterator[CheckedStack]:
    """Run everything until the end of the block."""
    settings = settings_of(
        "dojo",
        {
            # The minimum, and a share that would lose the check's traces.
            "sampling.decision_wait_seconds": 5,
            "sampling.baseline_percentage": 1,
            "tempo.trace_idle_seconds": 1,
            "tenants.mode": "by_namespace",
            "tenants.namespaces": [TENANT],
            "retention.long_term_hours": 48,
            "tempo.search_window_hours": 48,
        }
        | tempos()[0].settings,
    )
    rendered = render(settings, checked_plan(settings))
    tempo: dict[str, Any] = yaml.safe_load(rendered.tempo)
    tempo["overrides"]["per_tenant_override_period"] = "1s"
    rendered = replace(rendered, tempo=yaml.safe_dump(tempo))
    found = CheckedStack(folder, settings, rendered)
    with ExitStack() as stack:
        stack.callback(found.close)
        for part in (TEMPO, GATEWAY, AGENT, "check"):
            found.start(part)
        yield found
