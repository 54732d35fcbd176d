"""Service level objectives: what each service promises, keeps, and has left to spend."""

from plan.plan import Plan
from render.grafana import links
from render.grafana.board import Board, Limits, Link, Panel, Query, Row, Variable
from render.grafana.burn_rates import BURN_RATES
from render.grafana.dashboards.deployments import DEPLOYED
from render.grafana.slo_series import BUDGET_LEFT, OBJECTIVE, RATIO, REQUESTS_5M, WINDOW
from render.grafana.thresholds import BUDGET_NEARLY_SPENT_RATIO
from settings.stack import StackSettings

_CHOSEN = 'service=~"$service"'
_BUDGET_LIMITS = Limits(warning=BUDGET_NEARLY_SPENT_RATIO, critical=0, below=True)


def slos(settings: StackSettings, plan: Plan) -> Board:  # noqa: ARG001 - boards share one signature
    """Return the board."""
    runbook = Link(title="Runbook", url=f"{settings.alerts.runbooks_url.rstrip('/')}/slos.md")
    return Board(
        name="slos",
        title="Tracing / Service level objectives",
        description=f"Objectives over {WINDOW}, counted before sampling, and how fast budgets are spent.",
        audience="services",
        span="now-6h",
        variables=(Variable(name="service", label="Service", query=f"label_values({REQUESTS_5M}, service)"),),
        links=(runbook,),
        annotations=(DEPLOYED,),
        rows=(
            Row(title=f"Budgets of {WINDOW}", panels=(_lowest(runbook), _spent(), _objectives(settings, runbook))),
            Row(title="Over time", panels=(_left(runbook), _bad_share())),
            Row(title="Burn rates", panels=tuple(_burn(window, runbook) for window in ("1h", "6h", "1d", "3d"))),
        ),
    )


def _lowest(runbook: Link) -> Panel:
    return Panel(
        title="Lowest budget left",
        description="Of all chosen services. Below 0 the objective is missed: reliability comes before features.",
        unit="percentunit",
        kind="stat",
        queries=(Query(expr=f"min({BUDGET_LEFT}{{{_CHOSEN}}})", instant=True),),
        limits=_BUDGET_LIMITS,
        links=(runbook,),
        width=6,
    )


def _spent() -> Panel:
    return Panel(
        title="Objectives missed",
        description=f"Budgets that are spent: more requests failed or were slow in {WINDOW} than allowed.",
        unit="short",
        kind="stat",
        queries=(Query(expr=f"count({BUDGET_LEFT}{{{_CHOSEN}}} < 0) or vector(0)", instant=True),),
        limits=Limits(warning=1, critical=3),
        width=6,
    )


def _objectives(settings: StackSettings, runbook: Link) -> Panel:
    kinds = " || ".join(f"kind = {kind}" for kind in settings.slos.span_kinds)
    service = {"service": links.column("Service")}
    bad = f'{{ resource.service.name = "$service" && status = error && ({kinds}) }}'
    slow = f'{{ resource.service.name = "$service" && ({kinds}) }} | select(duration)'
    return Panel(
        title="Objectives of each service",
        description="What is promised, what was kept, and what is left to spend. Click a service for its traces.",
        unit="percentunit",
        kind="table",
        queries=(
            Query(expr=f"{OBJECTIVE}{{{_CHOSEN}}}", instant=True),
            Query(expr=f"1 - max by (service, slo) ({RATIO}{WINDOW}{{{_CHOSEN}}})", instant=True),
            Query(expr=f"min by (service, slo) ({BUDGET_LEFT}{{{_CHOSEN}}})", instant=True),
        ),
        columns=(
            ("service", "Service"),
            ("slo", "Of"),
            ("Value #A", "Objective"),
            ("Value #B", f"Kept in {WINDOW}"),
            ("Value #C", "Budget left"),
        ),
        value_links=(
            Link(title="Failed traces", url=links.explore_traceql(bad, service)),
            Link(title="Traces", url=links.explore_traceql(slow, service)),
            Link(title="Service", url=links.dashboard("services", service)),
            runbook,
        ),
        width=12,
    )


def _left(runbook: Link) -> Panel:
    return Panel(
        title="Budget left",
        description="It falls while requests fail or are slow, and comes back as those of 30 days ago leave the "
        "window.",
        unit="percentunit",
        queries=(Query(expr=f"{BUDGET_LEFT}{{{_CHOSEN}}}", legend="{{service}} {{slo}}"),),
        limits=_BUDGET_LIMITS,
        value_links=(_traces(),),
        links=(runbook,),
        width=12,
    )


def _bad_share() -> Panel:
    return Panel(
        title="Failed or slow requests",
        description="Share of the requests of the last 5 minutes. Click a service for its failed traces.",
        unit="percentunit",
        queries=(Query(expr=f"{RATIO}5m{{{_CHOSEN}}}", legend="{{service}} {{slo}}"),),
        value_links=(_traces(),),
        width=12,
    )


def _burn(window: str, runbook: Link) -> Panel:
    """Return the panel of the alert whose long window this is."""
    (rate,) = (rate for rate in BURN_RATES if rate.long == window)
    burn = f"{RATIO}{window}{{{_CHOSEN}}} / on (service, slo) group_left () (1 - {OBJECTIVE})"
    return Panel(
        title=f"Burn rate over {window}",
        description=f"How many times as fast as allowed the budget is spent. Above {rate.factor:g}, which spends "
        f"{rate.budget_share:.0%} of it in {window}, and still so over {rate.short}: an alert ({rate.severity}).",
        unit="short",
        queries=(Query(expr=burn, legend="{{service}} {{slo}}"),),
        limits=Limits(warning=1, critical=rate.factor) if rate.factor > 1 else Limits(warning=0.5, critical=1),
        value_links=(_traces(),),
        links=(runbook,),
        width=6,
    )


def _traces() -> Link:
    traceql = '{ resource.service.name = "$service" && status = error }'
    return Link(title="Failed traces", url=links.explore_traceql(traceql, {"service": links.series("service")}))
