"""CI/CD traces and the timeline of deployments."""

from plan.plan import Plan
from render.grafana import links
from render.grafana.board import Annotation, Board, Link, Panel, Query, Row
from settings.stack import StackSettings

_DEPLOYMENTS = "span.deployment.status != nil"
_TASKS = "span.cicd.pipeline.task.name != nil"
# Deployments are spans, which agents count before sampling: a mark wherever a count rises.
DEPLOYED = Annotation(
    name="Deployments",
    expr='sum by (span_name) (increase(traces_spanmetrics_calls_total{span_name=~"SYNC .+"}[1m])) > 0',
    title="{{span_name}}",
)


def deployments(settings: StackSettings, plan: Plan) -> Board:  # noqa: ARG001 - boards share one signature
    """Return the board."""
    return Board(
        name="deployments",
        title="Tracing / Deployments",
        description="Builds and deployments as traces: what was deployed when, what failed, and where time goes.",
        audience="delivery",
        span="now-24h",
        annotations=(DEPLOYED,),
        rows=(
            Row(title="Timeline", panels=(_timeline(), _latest())),
            Row(title="Failures", panels=(_failed_tasks(), _broken_versions())),
            Row(title="Where time goes", panels=(_stages(), _pipelines(), _slow_tasks())),
        ),
    )


def _timeline() -> Panel:
    expr = f"{{ {_DEPLOYMENTS} }} | count_over_time() by (span.deployment.name, span.deployment.status)"
    failed = '{ span.deployment.status = "failed" }'
    return Panel(
        title="Deployments by application and outcome",
        description="Each bar is what was deployed in that time. Click for the failed ones.",
        unit="short",
        queries=(Query(expr=expr, language="traceql_metrics"),),
        value_links=(Link(title="Failed deployments", url=links.explore_traceql(failed, {})),),
        stacked=True,
        width=14,
    )


def _latest() -> Panel:
    return _traces(
        "Latest deployments",
        "Each with its commit. Open one for its tasks, and by its link the build.",
        f"{{ {_DEPLOYMENTS} }} | select(resource.vcs.ref.head.revision, span.deployment.status)",
        width=10,
    )


def _failed_tasks() -> Panel:
    return _traces(
        "Failed tasks of pipelines",
        "What failed in builds and deployments. The task's own URL leads to its log.",
        '{ span.cicd.pipeline.task.run.result = "failure" } '
        "| select(span.cicd.pipeline.task.name, span.error.type)",
        width=12,
    )


def _broken_versions() -> Panel:
    return _traces(
        "Failing requests of deployed versions",
        "Requests that failed in a version whose commit is known: join it with the deployments by the revision.",
        "{ resource.service.version != nil && resource.vcs.ref.head.revision != nil && status = error } "
        "| select(resource.vcs.ref.head.revision)",
        width=12,
    )


def _stages() -> Panel:
    return _median("Duration of each stage", _TASKS, "span.cicd.pipeline.task.name")


def _pipelines() -> Panel:
    return _median("Duration of each pipeline", "span.cicd.pipeline.result != nil", "resource.cicd.pipeline.name")


def _median(title: str, of: str, by: str) -> Panel:
    return Panel(
        title=title,
        description="Median of the runs in each interval. A stage that grows is where lead time is lost.",
        unit="s",
        queries=(
            Query(expr=f"{{ {of} }} | quantile_over_time(duration, 0.5) by ({by})", language="traceql_metrics"),
        ),
        width=8,
    )


def _slow_tasks() -> Panel:
    return _traces(
        "Tasks of five minutes and more",
        "Candidates for caching, for running in parallel, or for a later pipeline.",
        f"{{ {_TASKS} && duration > 5m }} | select(span.cicd.pipeline.task.name)",
        width=8,
    )


def _traces(title: str, description: str, traceql: str, width: int) -> Panel:
    return Panel(
        title=title,
        description=description,
        unit="short",
        kind="traces",
        queries=(Query(expr=traceql, language="traceql"),),
        width=width,
    )
