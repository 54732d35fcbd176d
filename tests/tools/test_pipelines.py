"""Traces of pipelines through the rendered gateway and a real Tempo: every query of them finds some."""

import re
import secrets
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from lab.traces.pipelines import pipelines
from lab.traces.spans import one_resource
from plan.limits import checked_plan
from render.files import render
from render.grafana.dashboards import boards
from render.names import OTLP_HTTP_PORT, TEMPO_HTTP_PORT
from settings.project import REPO
from settings.stack import StackSettings
from tests.support.processes import processes
from tests.support.stacks import settings_of
from tests.support.tools import tempos
from tests.support.waiting import eventually
from tests.tools.loopback import GATEWAY, TEMPO, collector, direct_session
from tests.tools.monolith import start_monolith

pytestmark = pytest.mark.tools

DOCUMENT = (REPO / "docs" / "dora.md").read_text(encoding="utf-8")
SCRIPT = REPO / "docs" / "examples" / "pipeline-span.sh"
METRICS = re.compile(r"\| (\w+_over_time|rate)\(")
# Of the rest, nothing is kept but what is failed or slow.
CHANGES: dict[str, Any] = {"sampling.decision_wait_seconds": 5, "sampling.baseline_percentage": 0.0}
CHANGES |= {"sampling.long_term_baseline_percentage": 0.0, "sampling.slow_threshold_ms": 4999}
# Old spans are searched in blocks only: one is flushed after ten seconds and found after five.
CHANGES |= {
    "tempo.trace_idle_seconds": 1,
    "tempo.max_block_duration_seconds": 10,
    "tempo.blocklist_poll_seconds": 5,
}
CHANGES |= {"scrubbing.drop_links": False}
HOURS, DAY_SECONDS, RECENT_SECONDS = 20, 86_400, 60
# Decision, idle trace and write-ahead log, on a busy machine.
FOUND_SECONDS = 60.0


@dataclass(frozen=True)
class Given:
    """A gateway that takes spans in front of a Tempo."""

    gateway: TraceServiceStub

    def ask(self, path: str, query: dict[str, str | int]) -> dict[str, Any]:
        """Return Tempo's answer about the last day."""
        now = int(time.time())
        with direct_session() as session:
            span = {"start": now - DAY_SECONDS + 3600, "end": now + 60}
            answer = session.get(f"http://{TEMPO}:{TEMPO_HTTP_PORT}{path}", params={**span, **query}, timeout=20)
        assert answer.ok, f"{query}: {answer.text}"
        found: dict[str, Any] = answer.json()
        return found

    def traces(self, traceql: str) -> list[dict[str, Any]]:
        """Return the traces that a search finds."""
        return list(self.ask("/api/search", {"q": traceql, "limit": 100}).get("traces") or [])

    def results(self, traceql: str) -> int:
        """Return the number of traces, or of series of a metrics query."""
        if not METRICS.search(traceql):
            return len(self.traces(traceql))
        now = int(time.time())
        query: dict[str, str | int] = {"q": traceql, "step": "60s", "start": now - 600, "end": now + 60}
        return len(self.ask("/api/metrics/query_range", query).get("series") or [])


def settings() -> StackSettings:
    """Return the dojo's settings for the available Tempo."""
    return settings_of("dojo", CHANGES | tempos()[0].settings)


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Given]:
    """Run the dojo's rendered gateway and Tempo, with a day of pipelines and some that just ended."""
    folder, stack = tmp_path_factory.mktemp("pipelines"), settings()
    rendered = render(stack, checked_plan(stack))
    gateway_config = rendered.gateway.replace("tempo.fawkes-observability.svc", TEMPO)
    (folder / "gateway").mkdir()
    with processes(folder) as running:
        start_monolith(running, tempos()[0].program, rendered)
        with collector(folder / "gateway", gateway_config, GATEWAY, {}) as gateway:
            for request in pipelines(1, HOURS, time.time() - 1):
                gateway.Export(request, timeout=10)
            for request in pipelines(2, HOURS, time.time() - 1, RECENT_SECONDS):
                gateway.Export(request, timeout=10)
            yield Given(gateway)


def queries() -> list[str]:
    """Return the TraceQL of docs/dora.md and of the boards of delivery, each once."""
    blocks = re.findall(r"```traceql\n(.*?)```", DOCUMENT, re.DOTALL)
    documented = [line for block in blocks for line in block.splitlines()]
    stack = settings_of("dojo")
    panels = [
        panel
        for board in boards(stack, checked_plan(stack))
        if board.audience == "delivery"
        for row in board.rows
        for panel in row.panels
    ]
    shown = [query.expr for panel in panels for query in panel.queries if query.language.startswith("traceql")]
    return [*dict.fromkeys([*documented, *shown])]


@pytest.mark.parametrize("traceql", queries())
def test_every_query_finds_something(given: Given, traceql: str) -> None:
    eventually(lambda: given.results(traceql), traceql, FOUND_SECONDS)


def test_a_build_leads_to_its_deployment_by_their_link(given: Given) -> None:
    deployed = next(request for request in pipelines(1, HOURS, 1e9) if _spans(request)[0].links)
    build = _spans(deployed)[0].links[0].trace_id
    query = f'{{ link:traceID = "{build.hex()}" }}'
    found = eventually(lambda: given.traces(query), query, FOUND_SECONDS)
    assert [one["traceID"].zfill(32) for one in found] == [_spans(deployed)[0].trace_id.hex()]


def _spans(request: ExportTraceServiceRequest) -> Sequence[Span]:
    return request.resource_spans[0].scope_spans[0].spans


def test_a_short_part_of_a_pipeline_is_kept_and_another_short_trace_is_not(given: Given) -> None:
    """A task that ends before the others is decided about alone, and is neither slow nor failed."""
    run = secrets.token_hex(4)
    sent = {
        "pipeline": {"service.name": run, "cicd.pipeline.name": "checkout-build"},
        "other": {"service.name": run},
    }
    now = time.time_ns()
    for name, resource in sent.items():
        span = Span(
            trace_id=secrets.token_bytes(16),
            span_id=secrets.token_bytes(8),
            name=name,
            start_time_unix_nano=now - 10**7,
            end_time_unix_nano=now,
        )
        given.gateway.Export(one_resource(resource, [span]), timeout=10)
    found = eventually(
        lambda: given.traces(f'{{ resource.service.name = "{run}" }}'),
        "the pipeline's part is kept",
        FOUND_SECONDS,
    )
    assert [one["rootTraceName"] for one in found] == ["pipeline"]


def test_the_script_of_the_recipes_sends_what_the_document_says(given: Given) -> None:
    """A failed deployment, a successful one that repairs it, and a name that would break JSON."""
    run, now = secrets.token_hex(4), int(time.time())
    common = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{GATEWAY}:{OTLP_HTTP_PORT}",
        "SERVICE": 'argo"cd\\',
        "PIPELINE": f"{run}-deploy",
        "RUN_ID": run,
        "ACTION": "SYNC",
        "REVISION": "0caf29ff",
        "BEGIN": str(now - 90),
        "COMMIT_TIME": str(now - 600),
    }
    _run_script({**common, "RESULT": "failure"})
    _run_script({**common, "RESULT": "success", "BROKEN_SINCE": str(now - 300), "DEPLOYMENT": "checkout"})
    name = f'resource.service.name = "argocd" && name = "SYNC {run}-deploy"'
    for traceql in (
        f'{{ {name} && status = error && span.deployment.status = "failed" && kind = server }}',
        f'{{ {name} && span.deployment.name = "checkout" && span.fawkes.lead_time_s >= 600 }}',
        f"{{ {name} && span.fawkes.recovery_time_s >= 300 && duration >= 90s }}",
    ):
        found = eventually(lambda query=traceql: given.traces(query), traceql, FOUND_SECONDS)  # type: ignore[misc]
        assert len(found) == 1


def _run_script(variables: dict[str, str]) -> None:
    environment = {"PATH": "/usr/bin:/bin", **variables}
    done = subprocess.run(["/bin/sh", SCRIPT], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_manifests_of_the_recipes_are_yaml() -> None:
    documents = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)]
    assert [one.get("kind") for one in documents] == ["ConfigMap", "Pipeline", None, "ConfigMap", "Job"]
