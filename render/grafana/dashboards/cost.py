"""Cost: what traces cost a month, by service and by tenant, at the stack's prices."""

from collections.abc import Iterator

from plan.cost.bill import BYTES_PER_BILLED_GB, MonthlyCost, monthly_cost
from plan.plan import Plan
from plan.units import HOURS_PER_DAY, SECONDS_PER_DAY
from render.grafana import jobs
from render.grafana import span_metrics as spans
from render.grafana.board import Board, Panel, Query, Row
from render.grafana.panels import STAT_HEIGHT, STAT_WIDTH, or_zero
from render.tenants import long_term_tenants
from settings.stack import StackSettings

_SHOWN = 15
_SECONDS_PER_HOUR = SECONDS_PER_DAY // HOURS_PER_DAY


def cost(settings: StackSettings, plan: Plan) -> Board:
    """Return the board; services are shown where spans are counted by service."""
    bill = monthly_cost(settings, plan)
    rows = [
        Row(title="Month", panels=tuple(_month(settings, plan, bill))),
        Row(title="By tenant", panels=tuple(_tenants(settings))),
    ]
    if spans.has_span_metrics(settings):
        rows.insert(1, Row(title="By service", panels=tuple(_services(settings, plan, bill))))
    return Board(
        name="cost",
        title="Tracing / Cost",
        description=f"US dollars a month, at list prices of {bill.prices_as_of}; docs/cost.md says what is in "
        f"them.",
        rows=tuple(rows),
        span="now-24h",
    )


def _month(settings: StackSettings, plan: Plan, bill: MonthlyCost) -> Iterator[Panel]:
    yield Panel(
        title="Planned for a month",
        description="The whole bill of this stack: bucket, requests, key, Pods and volumes. `make cost` lists its "
        "items.",
        unit="currencyUSD",
        kind="stat",
        queries=(Query(expr=f"vector({bill.total_usd:.2f})", instant=True),),
        width=STAT_WIDTH,
        height=STAT_HEIGHT,
    )
    yield Panel(
        title="Stored now",
        description="Bytes of blocks within their retention. The plan has "
        f"{(plan.storage.detailed_bytes + plan.storage.long_term_bytes) / 1e9:.1f} GB.",
        unit="bytes",
        kind="stat",
        queries=(Query(expr=or_zero(f"sum({_stored(settings)})"), instant=True),),
        width=STAT_WIDTH,
        height=STAT_HEIGHT,
    )
    yield Panel(
        title="Storage at this size",
        description="What the stored blocks cost in a month, without deleted and overwritten versions.",
        unit="currencyUSD",
        kind="stat",
        queries=(Query(expr=or_zero(f"sum({_stored(settings)}) * {_usd_per_byte(settings):.6g}"), instant=True),),
        width=STAT_WIDTH,
        height=STAT_HEIGHT,
    )
    yield Panel(
        title="For each service",
        description=f"The bill shared evenly among the {bill.services} services of the plan (load.services).",
        unit="currencyUSD",
        kind="stat",
        queries=(Query(expr=f"vector({bill.usd_per_service:.4f})", instant=True),),
        width=STAT_WIDTH,
        height=STAT_HEIGHT,
    )


def _services(settings: StackSettings, plan: Plan, bill: MonthlyCost) -> Iterator[Panel]:
    window = spans.SPAN
    by_service = f"sum by (service) (rate({spans.CALLS}[{window}]))"
    share = f"{by_service} / on () group_left () (sum(rate({spans.CALLS}[{window}])) > 0)"
    kept = plan.traffic.kept_share if settings.span_metrics.source == "agents" else 1.0
    size = kept * settings.load.span_bytes_stored
    month = settings.retention.detailed_hours * _SECONDS_PER_HOUR * size * _usd_per_byte(settings)
    columns = (
        ("service", "Service"),
        ("Value #A", "Spans a second"),
        ("Value #B", "Stored a day"),
        ("Value #C", "Storage a month"),
        ("Value #D", "Share of the bill"),
    )
    yield Panel(
        title="Services",
        description=f"Spans over the time shown; {kept:.1%} of them are kept as planned, of "
        f"{settings.load.span_bytes_stored} B each, for {settings.retention.detailed_hours} h. The share of the "
        "bill divides all of it by spans. Trace less in the service at the top, or keep less of it.",
        unit="currencyUSD",
        kind="table",
        queries=tuple(
            Query(expr=f"topk({_SHOWN}, {expr})", instant=True)
            for expr in (
                by_service,
                f"{by_service} * {size * SECONDS_PER_DAY:.6g}",
                f"{by_service} * {month:.6g}",
                f"{share} * {bill.total_usd:.6g}",
            )
        ),
        columns=columns,
        units=(("Spans a second", "cps"), ("Stored a day", "bytes")),
        width=24,
        height=10,
    )
    yield Panel(
        title="Spans by service",
        description=f"Spans a second of the {_SHOWN} services with most. A step up is a deployment that traces "
        f"more.",
        unit="cps",
        queries=(
            Query(
                expr=f"topk({_SHOWN}, sum by (service) (rate({spans.CALLS}[{spans.STEP}])))", legend="{{service}}"
            ),
        ),
        width=24,
        stacked=True,
    )


def _tenants(settings: StackSettings) -> Iterator[Panel]:
    long_term = ", ".join(long_term_tenants(settings)) or "none"
    stored = _stored(settings)
    yield Panel(
        title="Stored by tenant",
        description=f"Bytes of blocks within their retention. Tenants of the long-term tier: {long_term}.",
        unit="bytes",
        queries=(Query(expr=stored, legend="{{tenant}}"),),
        width=12,
        stacked=True,
    )
    yield Panel(
        title="Storage by tenant",
        description="US dollars a month for what each tenant stores now, at "
        f"${settings.cost.storage_gb_month_usd:g} a GB.",
        unit="currencyUSD",
        queries=(Query(expr=f"{stored} * {_usd_per_byte(settings):.6g}", legend="{{tenant}}"),),
        width=12,
        stacked=True,
    )


def _stored(settings: StackSettings) -> str:
    # Every process that reads the bucket counts all of it.
    return f'max by (tenant) (tempodb_backend_bytes_total{{{jobs.tempo(settings)}, status="live"}})'


def _usd_per_byte(settings: StackSettings) -> float:
    return settings.cost.storage_gb_month_usd / BYTES_PER_BILLED_GB
