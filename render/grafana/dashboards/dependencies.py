"""Dependencies: which service calls which, how often, how slowly, and how often in vain."""

from dataclasses import replace

from plan.plan import Plan
from plan.tempo.majors import METRICS_GENERATOR
from render.grafana import jobs, links
from render.grafana.board import Board, Link, Panel, Query, Row, Variable
from render.grafana.dashboards.services import FAILED_LIMITS, slow_limits
from render.grafana.span_metrics import SPAN, STEP
from render.grafana.trace_links import of_board
from settings.stack import StackSettings

_CALLS = "traces_service_graph_request_total"
_FAILED = "traces_service_graph_request_failed_total"
_BUCKETS = "traces_service_graph_request_server_seconds_bucket"
_EDGE = "client, server"
_CHOSEN = '{client=~"$client", server=~"$server"}'
_SHOWN = 10
_KEPT = "From kept traces only: failed and slow calls weigh too much, so read ratios between calls, not rates."


def dependencies(settings: StackSettings, plan: Plan) -> Board:  # noqa: ARG001 - boards share one signature
    """Return the board; it needs a Prometheus to which Tempo writes service graphs."""
    return Board(
        name="dependencies",
        title="Tracing / Dependencies",
        description="Calls between services, from kept traces: the arrows are right, the rates are those of what "
        "the gateways keep. Rates before sampling are in Tracing / Services.",
        rows=(
            Row(title="Map", panels=(_map(),)),
            Row(title="Calls", panels=(_table(),)),
            Row(title="Over time", panels=(_calls(), _failures(), _durations(settings))),
            Row(title="Completeness", panels=(_expired(settings),)),
        ),
        variables=(
            Variable(name="client", label="Calling service", query=f"label_values({_CALLS}, client)"),
            Variable(
                name="server", label="Called service", query=f'label_values({_CALLS}{{client=~"$client"}}, server)'
            ),
        ),
        audience="services",
        links=of_board(settings),
    )


def _map() -> Panel:
    return Panel(
        title="Service map",
        description=f"Click a service for its traces. The ring shows the share of failed calls. {_KEPT}",
        unit="none",
        kind="node_graph",
        queries=(Query(expr="{}", language="service_map"),),
        width=24,
        height=16,
    )


def _rate(window: str) -> str:
    return f"sum by ({_EDGE}) (rate({_CALLS}{_CHOSEN}[{window}]))"


def _failed_share(window: str) -> str:
    failed = f"sum by ({_EDGE}) (rate({_FAILED}{_CHOSEN}[{window}]))"
    return f"({failed} or 0 * {_rate(window)}) / ({_rate(window)} > 0)"


def _p95(window: str) -> str:
    return f"histogram_quantile(0.95, sum by (le, {_EDGE}) (rate({_BUCKETS}{_CHOSEN}[{window}])))"


def _links(client: str, server: str) -> tuple[Link, ...]:
    """Return searches for the traces of a call: a span of the called service directly below one of the caller."""
    values = {"client": client, "server": server}
    caller, called = '{ resource.service.name = "$client" }', 'resource.service.name = "$server"'
    return (
        Link(
            title="Failed traces of this call",
            url=links.explore_traceql(f"{caller} > {{ {called} && status = error }}", values),
        ),
        Link(title="Traces of this call", url=links.explore_traceql(f"{caller} > {{ {called} }}", values)),
        Link(title="The called service", url=links.dashboard("services", {"service": server})),
    )


def _table() -> Panel:
    return Panel(
        title="Calls",
        description=f"One line for each caller and called service, over the time shown. {_KEPT} Click a value for "
        "the traces of that call.",
        unit="s",
        kind="table",
        queries=tuple(Query(expr=expr, instant=True) for expr in (_rate(SPAN), _failed_share(SPAN), _p95(SPAN))),
        width=24,
        value_links=_links(links.column("From"), links.column("To")),
        columns=(
            ("client", "From"),
            ("server", "To"),
            ("Value #A", "Calls a second"),
            ("Value #B", "Failed"),
            ("Value #C", "P95"),
        ),
        units=(("Calls a second", "reqps"), ("Failed", "percentunit")),
    )


def _over_time(title: str, description: str, unit: str, expr: str) -> Panel:
    return Panel(
        title=title,
        description=f"{description} {_KEPT}",
        unit=unit,
        queries=(Query(expr=f"topk({_SHOWN}, {expr})", legend="{{client}} → {{server}}"),),
        value_links=_links(links.series("client"), links.series("server")),
    )


def _calls() -> Panel:
    text = (
        f"The {_SHOWN} most frequent. An arrow that ends is a caller that stopped, or a call that is not traced."
    )
    return _over_time("Calls a second", text, "reqps", _rate(STEP))


def _failures() -> Panel:
    text = f"The {_SHOWN} largest shares. The failed call furthest from the user is most often the cause."
    found = _over_time("Failed calls", text, "percentunit", _failed_share(STEP))
    return replace(found, limits=FAILED_LIMITS)


def _durations(settings: StackSettings) -> Panel:
    text = f"The {_SHOWN} slowest, as the called service measures it: what the network adds is not in it."
    return replace(_over_time("P95 duration of calls", text, "s", _p95(STEP)), limits=slow_limits(settings))


def _expired(settings: StackSettings) -> Panel:
    tempo = jobs.tempo(settings, METRICS_GENERATOR)
    expired, edges = (
        f"sum(rate(tempo_metrics_generator_processor_service_graphs_{what}{{{tempo}}}[{STEP}]))"
        for what in ("expired_edges", "edges")
    )
    return Panel(
        title="Calls of which one side is missing",
        description="Share of spans of clients and servers whose other half did not arrive within 10 s, so that "
        "no arrow is drawn. Above a half, a service is not instrumented, or its calls do not pass on the trace's "
        "context. Calls to databases and from outside have one side only.",
        unit="percentunit",
        queries=(Query(expr=f"{expired} / ({edges} > 0) or vector(0)", legend="missing"),),
        width=12,
    )
