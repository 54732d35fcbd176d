"""The house style of dashboards: turn a `Board` into Grafana's JSON by Grafana's own SDK.

The SDK leaves out what Grafana itself adds when somebody saves a dashboard: ids of panels, datasources, legends.
Here every default is set once. The colours are Grafana's "by name" palette, so that a service keeps its colour;
limits are drawn in blue, orange and purple, which people with any colour blindness tell apart.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from grafana_foundation_sdk.builders import (
    common,
    heatmap,
    logs,
    loki,
    nodegraph,
    prometheus,
    stat,
    table,
    tempo,
    text,
    timeseries,
)
from grafana_foundation_sdk.builders import dashboard as boards
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models import common as common_models
from grafana_foundation_sdk.models import dashboard as models
from grafana_foundation_sdk.models import heatmap as heatmap_models
from grafana_foundation_sdk.models import prometheus as prometheus_models
from grafana_foundation_sdk.models import tempo as tempo_models

from render.grafana.board import Annotation, Board, Limits, Link, Panel, PanelKind, Query, Row, Variable
from render.text import Config

# The datasource variables of every board; dashboard-linter asks for the name of the first.
METRICS, TRACES, LOGS = "datasource", "traces", "logs"
_METRICS_REF = common_models.DataSourceRef(type_val="prometheus", uid=f"${{{METRICS}}}")
_TRACES_REF = common_models.DataSourceRef(type_val="tempo", uid=f"${{{TRACES}}}")
_LOGS_REF = common_models.DataSourceRef(type_val="loki", uid=f"${{{LOGS}}}")
_REFS = {
    "promql": _METRICS_REF,
    "traceql": _TRACES_REF,
    "traceql_metrics": _TRACES_REF,
    "service_map": _TRACES_REF,
    "logql": _LOGS_REF,
}
# Okabe and Ito's palette for the colour blind: sky blue, orange, reddish purple.
GOOD, WARNING, CRITICAL = "#56B4E9", "#E69F00", "#CC79A7"
_COLUMNS = 24
_ROW_HEIGHT = 1
_TRACES_SHOWN = 20
_REFRESH = "30s"
# What the SDK's panels have in common, which have no base class.
AnyPanel = timeseries.Panel | stat.Panel | table.Panel | heatmap.Panel | nodegraph.Panel | logs.Panel | text.Panel


def dashboard_json(board: Board) -> str:
    """Return the board's JSON; the same board gives the same bytes."""
    return JSONEncoder(sort_keys=True, indent=1).encode(_dashboard(board).build()) + "\n"


def dashboard(board: Board) -> Config:
    """Return the board's JSON as data."""
    found: Config = json.loads(dashboard_json(board))
    return found


def _dashboard(board: Board) -> boards.Dashboard:
    built = (
        boards.Dashboard(board.title)
        .uid(board.uid)
        .description(board.description)
        .tags(["tracing", board.audience])
        .time(board.span, "now")
        .refresh(_REFRESH)
        .tooltip(models.DashboardCursorSync.CROSSHAIR)
        .readonly()
        .links([*_board_links(board)])
        .variables([*_datasource_variables(board), *map(_variable, board.variables)])
    )
    for annotation in board.annotations:
        built.annotation(_annotation(annotation))
    ids = count(1)
    top = 0
    for row in board.rows:
        built.with_row(_row(row, next(ids), top))
        top += _ROW_HEIGHT
        for panel, x, y in _placed(row, top):
            place = models.GridPos(x=x, y=y, w=panel.width, h=panel.height)
            built.with_panel(_panel(panel).id(next(ids)).grid_pos(place))
        top = max(y + panel.height for panel, _, y in _placed(row, top))
    return built


def _annotation(annotation: Annotation) -> boards.AnnotationQuery:
    built = boards.AnnotationQuery().name(annotation.name).datasource(_METRICS_REF).enable(True)
    built.icon_color(WARNING).expr(annotation.expr).step("60s")
    return built.title_format(annotation.title)


def _row(row: Row, number: int, top: int) -> boards.Row:
    place = models.GridPos(x=0, y=top, w=_COLUMNS, h=_ROW_HEIGHT)
    return boards.Row(row.title).id(number).grid_pos(place)


def _placed(row: Row, top: int) -> Iterator[tuple[Panel, int, int]]:
    """Yield each panel with its column and line: from left to right, then below the highest of the line."""
    x, y, height = 0, top, 0
    for panel in row.panels:
        if x + panel.width > _COLUMNS:
            x, y, height = 0, y + height, 0
        yield panel, x, y
        x, height = x + panel.width, max(height, panel.height)


def _panel(panel: Panel) -> Any:  # noqa: ANN401 - the SDK's panels have no common type
    built = _of_kind(panel).title(panel.title).description(panel.description)
    if panel.links:
        built.links([_link(link) for link in panel.links])
    if panel.kind == "text":
        return built
    built.datasource(_REFS[panel.queries[0].language])
    for number, query in enumerate(panel.queries):
        built.with_target(_target(query, panel).ref_id(chr(ord("A") + number)))
    if panel.kind in {"logs", "node_graph", "traces"}:
        return built
    built.unit(panel.unit)
    if panel.limits:
        built.thresholds(_thresholds(panel.limits))
    if panel.value_links:
        built.data_links([_link(link) for link in panel.value_links])
    for column, unit in panel.units:
        built.override_by_name(column, [models.DynamicConfigValue(id_val="unit", value=unit)])
    return built


def _of_kind(panel: Panel) -> Any:  # noqa: ANN401 - as above
    return _KINDS[panel.kind](panel)


def _stat(panel: Panel) -> stat.Panel:  # noqa: ARG001 - panels share one signature
    return stat.Panel().reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))


def _heatmap(panel: Panel) -> heatmap.Panel:
    scheme = heatmap.HeatmapColorOptions().mode(heatmap_models.HeatmapColorMode.SCHEME).scheme("Viridis").steps(64)
    built = heatmap.Panel().color(scheme).exemplars_color(CRITICAL)
    return built.y_axis(heatmap.YAxisConfig().unit(panel.unit))


def _timeseries(panel: Panel) -> timeseries.Panel:
    legend = (
        common.VizLegendOptions()
        .show_legend(True)
        .display_mode(common_models.LegendDisplayMode.LIST)
        .placement(common_models.LegendPlacement.BOTTOM)
    )
    built = timeseries.Panel().legend(legend).line_width(1).fill_opacity(8).min(0)
    built.color_scheme(boards.FieldColor().mode(models.FieldColorModeId.PALETTE_CLASSIC_BY_NAME))
    built.tooltip(common.VizTooltipOptions().mode(common_models.TooltipDisplayMode.MULTI))
    if panel.stacked:
        built.stacking(common.StackingConfig().mode(common_models.StackingMode.NORMAL)).fill_opacity(60)
    if panel.limits:
        built.thresholds_style(
            common.GraphThresholdsStyleConfig().mode(common_models.GraphThresholdsStyleMode.DASHED)
        )
    return built


def _table(panel: Panel) -> table.Panel:
    """Return a table of one line a series, with the columns in their order."""
    names = dict(panel.columns)
    organize: dict[str, object] = {
        "renameByName": names,
        "indexByName": {label: index for index, label in enumerate(names)},
        "includeByName": dict.fromkeys(names, True),
    }
    built = table.Panel()
    if len(panel.queries) > 1:
        built.with_transformation(models.DataTransformerConfig(id_val="merge", options={}))
    return built.with_transformation(models.DataTransformerConfig(id_val="organize", options=organize))


_KINDS: Mapping[PanelKind, Callable[[Panel], AnyPanel]] = {
    "timeseries": _timeseries,
    "stat": _stat,
    "table": _table,
    "heatmap": _heatmap,
    "node_graph": lambda _: nodegraph.Panel(),
    "traces": lambda _: table.Panel(),
    "logs": lambda _: logs.Panel().show_time(True).wrap_log_message(True),
    "text": lambda panel: text.Panel().content(panel.text),
}


def _thresholds(limits: Limits) -> boards.ThresholdsConfig:
    """Return the steps from small to large; where small values are bad, the first step is the critical one."""
    if limits.below:
        steps = ((None, CRITICAL), (limits.critical, WARNING), (limits.warning, GOOD))
    else:
        steps = ((None, GOOD), (limits.warning, WARNING), (limits.critical, CRITICAL))
    built = [models.Threshold(value=value, color=color) for value, color in steps]
    return boards.ThresholdsConfig().mode(models.ThresholdsMode.ABSOLUTE).steps(built)


def _target(query: Query, panel: Panel) -> Any:  # noqa: ANN401 - as above
    match query.language:
        case "promql":
            return _promql(query, panel)
        case "logql":
            return loki.Dataquery().expr(query.expr).datasource(_LOGS_REF)
        case "service_map":
            return tempo.Dataquery().query_type("serviceMap").service_map_query(query.expr).datasource(_TRACES_REF)
        case "traceql":
            found = tempo.Dataquery().query_type("traceql").query(query.expr).limit(_TRACES_SHOWN)
            return found.table_type(tempo_models.SearchTableType.TRACES).datasource(_TRACES_REF)
        case "traceql_metrics":
            found = tempo.Dataquery().query_type("traceql").query(query.expr)
            kind = tempo_models.MetricsQueryType.INSTANT if query.instant else tempo_models.MetricsQueryType.RANGE
            return found.metrics_query_type(kind).datasource(_TRACES_REF)


def _promql(query: Query, panel: Panel) -> Builder[Dataquery]:
    built = (
        prometheus.Dataquery().expr(query.expr).legend_format(query.legend or "__auto").datasource(_METRICS_REF)
    )
    built.exemplar(query.exemplars)
    formats = {
        "heatmap": prometheus_models.PromQueryFormat.HEATMAP,
        "table": prometheus_models.PromQueryFormat.TABLE,
    }
    built.format(formats.get(panel.kind, prometheus_models.PromQueryFormat.TIME_SERIES))
    return built.instant() if query.instant else built.range()


def _languages(board: Board) -> set[str]:
    return {query.language for row in board.rows for panel in row.panels for query in panel.queries}


def _datasource_variables(board: Board) -> Iterator[boards.DatasourceVariable]:
    """Yield a variable for each datasource that the board uses, also for its other variables and its marks."""
    languages = _languages(board)
    if "promql" in languages or board.variables or board.annotations:
        yield _datasource(METRICS, "Data Source", "prometheus")
    if languages & {"traceql", "traceql_metrics", "service_map"}:
        yield _datasource(TRACES, "Traces", "tempo")
    if "logql" in languages:
        yield _datasource(LOGS, "Logs", "loki")


def _datasource(name: str, label: str, kind: str) -> boards.DatasourceVariable:
    # Without a choice of its own Grafana takes the first of the kind; the uid is the platform's.
    current = models.VariableOption(text=kind, value=kind, selected=True)
    return boards.DatasourceVariable(name).label(label).type(kind).current(current)


def _variable(variable: Variable) -> boards.QueryVariable:
    every = models.VariableOption(text=["All"], value=["$__all"], selected=True)
    return (
        boards.QueryVariable(variable.name)
        .label(variable.label)
        .query(variable.query)
        .definition(variable.query)
        .datasource(_METRICS_REF)
        .refresh(models.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(models.VariableSort.ALPHABETICAL_ASC)
        .multi(True)
        .include_all(True)
        .all_value(".*")
        .current(every)
    )


def _board_links(board: Board) -> Sequence[boards.DashboardLink]:
    others = (
        boards.DashboardLink("Tracing")
        .type(models.DashboardLinkType.DASHBOARDS)
        .tags(["tracing"])
        .as_dropdown(True)
        .keep_time(True)
        .include_vars(False)
    )
    return [others, *map(_link, board.links)]


def _link(link: Link) -> boards.DashboardLink:
    return boards.DashboardLink(link.title).type(models.DashboardLinkType.LINK).url(link.url).target_blank(True)
