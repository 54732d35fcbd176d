"""Traces of delivery, by the semantic conventions of CI/CD and version control.

docs/dora.md has the conventions, and the attributes for what they lack. The same seed and end give the same bytes.
"""

from collections.abc import Iterator

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from lab.traces.delivery import Run, runs
from lab.traces.spans import Value, attributes, one_resource

# Times between two pipelines, which no trace has: only the end of a deployment knows them.
COMMIT_TIME, LEAD_TIME = "fawkes.commit.time", "fawkes.lead_time_s"
RECOVERY_TIME, REWORK = "fawkes.recovery_time_s", "fawkes.rework"
_FORGE = "https://git.example.com/shop"
_BROKEN_REQUEST_SECONDS = 0.2


def pipelines(
    seed: int, hours: float, end: float, within: float | None = None
) -> Iterator[ExportTraceServiceRequest]:
    """Yield the traces of some hours, one a request, by their ends, of which the last is Unix second `end`.

    After a failed deployment follows a request of the application that fails with the new version. `within`, if
    given, is how many seconds before `end` the first of them ends.
    """
    for run in runs(seed, hours, end - _BROKEN_REQUEST_SECONDS, within):
        yield _pipeline(run)
        if run.action == "SYNC" and run.failed:
            yield _broken_request(run)


def _pipeline(run: Run) -> ExportTraceServiceRequest:
    change = run.change
    name = f"{change.application}-{'build' if run.action == 'BUILD' else 'deploy'}"
    resource: dict[str, Value] = {
        "service.name": "tekton" if run.action == "BUILD" else "argocd",
        "cicd.pipeline.name": name,
        "cicd.pipeline.run.id": f"{name}-{change.number}",
        "cicd.pipeline.run.url.full": _url(run, name),
        **_source(run),
        **({"deployment.environment.name": "production"} if run.action == "SYNC" else {}),
    }
    return one_resource(resource, [_root(run, name), *_tasks(run, name)])


def _url(run: Run, name: str) -> str:
    return f"https://ci.example.com/{name}/{run.change.number}"


def _source(run: Run) -> dict[str, Value]:
    return {
        "vcs.repository.name": run.change.application,
        "vcs.repository.url.full": f"{_FORGE}/{run.change.application}",
        "vcs.ref.head.name": "main",
        "vcs.ref.head.type": "branch",
        "vcs.ref.head.revision": run.change.revision,
    }


def _root(run: Run, name: str) -> Span:
    described: dict[str, Value] = {
        "cicd.pipeline.action.name": run.action,
        "cicd.pipeline.result": "failure" if run.failed else "success",
        COMMIT_TIME: round(run.change.committed),
        **_error(run.tasks[-1][0], failed=run.failed),
        **(_deployment(run) if run.action == "SYNC" else {}),
    }
    span = _span(f"{run.action} {name}", run.begin, run.end, described, failed=run.failed)
    span.trace_id, span.span_id, span.kind = run.trace_id, run.root_id, Span.SPAN_KIND_SERVER
    if run.after:
        # The build is another trace: together they would last for hours.
        span.links.append(Span.Link(trace_id=run.after.trace_id, span_id=run.after.root_id))
    return span


def _deployment(run: Run) -> dict[str, Value]:
    """Return what a deployment is, and how long the change, and a repair, took if it succeeded."""
    change = run.change
    found: dict[str, Value] = {
        "deployment.id": f"{change.application}-{change.number}",
        "deployment.name": change.application,
        "deployment.status": "failed" if run.failed else "succeeded",
        REWORK: run.broken_since is not None,
    }
    if not run.failed:
        found[LEAD_TIME] = round(run.end - change.committed)
        if run.broken_since is not None:
            found[RECOVERY_TIME] = round(run.end - run.broken_since)
    return found


def _tasks(run: Run, name: str) -> Iterator[Span]:
    begin = run.begin
    for number, (task, kind, seconds) in enumerate(run.tasks, 1):
        failed = run.failed and number == len(run.tasks)
        described: dict[str, Value] = {
            "cicd.pipeline.task.name": task,
            "cicd.pipeline.task.type": kind,
            "cicd.pipeline.task.run.id": f"{run.change.number}-{number}",
            "cicd.pipeline.task.run.url.full": f"{_url(run, name)}/{task}",
            "cicd.pipeline.task.run.result": "failure" if failed else "success",
            **_error(task, failed=failed),
        }
        span = _span(f"RUN {task}", begin, begin + seconds, described, failed=failed)
        span.trace_id, span.parent_span_id, span.kind = run.trace_id, run.root_id, Span.SPAN_KIND_INTERNAL
        span.span_id = (int.from_bytes(run.root_id) ^ number).to_bytes(8)
        yield span
        begin += seconds


def _broken_request(run: Run) -> ExportTraceServiceRequest:
    """Return a request that the new version fails to answer, just after its rollout."""
    described: dict[str, Value] = {
        "http.request.method": "GET",
        "http.route": "/",
        "http.response.status_code": 500,
    }
    span = _span("GET /", run.end, run.end + _BROKEN_REQUEST_SECONDS, described, failed=True)
    span.trace_id, span.span_id, span.kind = run.trace_id[::-1], run.root_id, Span.SPAN_KIND_SERVER
    version = {"service.name": run.change.application, "service.version": run.change.revision[:7], **_source(run)}
    return one_resource(version, [span])


def _error(task: str, *, failed: bool) -> dict[str, Value]:
    return {"error.type": f"{task}_failed"} if failed else {}


def _span(name: str, begin: float, end: float, described: dict[str, Value], *, failed: bool) -> Span:
    """Return a span without ids; times to the microsecond."""
    return Span(
        name=name,
        start_time_unix_nano=round(begin * 1e6) * 1000,
        end_time_unix_nano=round(end * 1e6) * 1000,
        attributes=attributes(described),
        status=Status(code=Status.STATUS_CODE_ERROR, message=f"{name} failed") if failed else None,
    )
