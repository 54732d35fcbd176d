"""Service level objectives: how fast each service spends its budget of failed and of slow requests.

Everything long is computed from the recorded rates of 5 minutes, which are four series a service, instead of the
spans' own series, which are 18 for each operation and node: 30 days are then a few thousand samples a series.
All services share the rules. docs/adr/0029 has the reasons, docs/slos.md the series.
"""

from collections.abc import Iterator, Sequence

from plan.plan import Plan
from render.grafana.burn_rates import BURN_RATES, BurnRate
from render.grafana.links import alert_links
from render.grafana.rules.rule import Alert, Group, Recording, Severity
from render.grafana.rules.slo_requests import objectives, requests
from render.grafana.slo_series import (
    BAD_5M,
    BASE_SECONDS,
    BUDGET_LEFT,
    OBJECTIVE,
    RATIO,
    REQUESTS_5M,
    SLOW_GROUP_SECONDS,
    WINDOW,
    has_slos,
)
from settings.slos import Slos
from settings.stack import StackSettings

# Windows of the alerts that wake somebody, evaluated with the rates that they are made of.
_FAST = ("30m", "1h", "6h")
# Evaluated less often: they change slowly, and each reads up to 8 640 samples a series.
_SLOW = ("2h", "1d", "3d", WINDOW)
# Every 5 minutes a rate of 5 minutes: each request is in exactly one of these samples.
_STEPS = {"2h", "1d", "3d", WINDOW}


def slos(settings: StackSettings, plan: Plan) -> tuple[Group, ...]:  # noqa: ARG001 - groups share one signature
    """Return the groups; none where there are no objectives."""
    if not has_slos(settings):
        return ()
    return (
        Group(
            name="tracing-slos",
            interval_seconds=BASE_SECONDS,
            rules=(
                *requests(settings.slos),
                _ratio("5m", f"{BAD_5M} / {REQUESTS_5M}"),
                *(_ratio(window, _over(window)) for window in _FAST),
                *objectives(settings.slos),
                *_alerts(settings, "critical"),
            ),
        ),
        Group(
            name="tracing-slo-budgets",
            interval_seconds=SLOW_GROUP_SECONDS,
            rules=(
                *(_ratio(window, _over(window)) for window in _SLOW),
                Recording(
                    record=BUDGET_LEFT,
                    expr=f"1 - {RATIO}{WINDOW} / on (service, slo) group_left () (1 - {OBJECTIVE})",
                ),
                *_alerts(settings, "warning"),
            ),
        ),
    )


def _ratio(window: str, expr: str) -> Recording:
    return Recording(record=f"{RATIO}{window}", expr=expr)


def _over(window: str) -> str:
    """Return the share of bad requests in a window, each request with the same weight."""
    bad, every = (f"sum_over_time({series}[{_range(window)}])" for series in (BAD_5M, REQUESTS_5M))
    return f"{bad} / {every}"


def _range(window: str) -> str:
    return f"{window}:5m" if window in _STEPS else window


def _alerts(settings: StackSettings, severity: Severity) -> Iterator[Alert]:
    """Yield the alerts of a severity: one for failed requests, one for slow ones."""
    rates = [rate for rate in BURN_RATES if rate.severity == severity]
    speed = "Fast" if severity == "critical" else "Slow"
    kinds = " || ".join(f"kind = {kind}" for kind in settings.slos.span_kinds)
    for slo, what, budget, where in (
        ("availability", "fail", "Error", "status = error"),
        ("latency", "are slower than {{ $labels.threshold }}", "Latency", "duration > $threshold"),
    ):
        traceql = f'{{ resource.service.name =~ "$service" && {where} && ({kinds}) }}'
        labels = ("service", "threshold") if slo == "latency" else ("service",)
        yield Alert(
            name=f"TracingSlo{budget}BudgetBurn{speed}",
            expr="\nor\n".join(_burns(settings.slos, slo, rate) for rate in rates),
            for_seconds=0,
            severity=severity,
            summary=f"{{{{ $labels.service }}}} burns its {slo} budget {{{{ $value | humanize }}}} times too fast",
            description=_description(what, rates),
            runbook=f"slos.md#tracingslo{budget.lower()}budgetburn{speed.lower()}",
            links=alert_links(settings, traceql, labels, variables=("service",)),
        )


def _description(what: str, rates: Sequence[BurnRate]) -> str:
    shares = ", or ".join(f"{rate.budget_share:.0%} of the {WINDOW} budget within {rate.long}" for rate in rates)
    return f"So many requests {what} that they spend {shares}, and they still do."


def _burns(slos_: Slos, slo: str, rate: BurnRate) -> str:
    """Return an expression that is the burn rate of the long window while both windows exceed the factor.

    The short window ends the alert soon after the fault. A low rate of requests has a guard: the bad ones of the
    long window, which its recorded rates sum up to.
    """
    long, short = (
        f'({RATIO}{window}{{slo="{slo}"}} / on (service, slo) group_left () (1 - {OBJECTIVE})) > {rate.factor:g}'
        for window in (rate.long, rate.short)
    )
    step = 300 if rate.long in _STEPS else BASE_SECONDS
    bad = f'sum_over_time({BAD_5M}{{slo="{slo}"}}[{_range(rate.long)}]) * {step} >= {slos_.minimum_bad_requests}'
    return f"(\n  {long}\n  and\n  {short}\n  and\n  {bad}\n)"
