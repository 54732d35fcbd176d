"""What a dashboard is made of: plain data, which `render/grafana/house.py` turns into Grafana's JSON."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["promql", "traceql", "traceql_metrics", "service_map", "logql"]
PanelKind = Literal["timeseries", "stat", "table", "heatmap", "node_graph", "traces", "logs", "text"]


@dataclass(frozen=True, kw_only=True)
class Query:
    """One query of a panel.

    - `expr` may use the board's variables (`$service`) and Grafana's `$__rate_interval`, `$__range`.
    - `legend`: the series' name, with `{{label}}`; empty for all labels.
    - `instant`: one value at the end of the time range, as tables and totals need.
    - `exemplars`: ask Prometheus for exemplars too.
    """

    expr: str
    legend: str = ""
    language: Language = "promql"
    instant: bool = False
    exemplars: bool = False


@dataclass(frozen=True, kw_only=True)
class Limits:
    """From where on a value is drawn as a warning and as critical; `below` means that small values are bad."""

    warning: float
    critical: float
    below: bool = False


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link of a board, a panel or a value; `url` may use variables, as in `${__field.labels.service}`."""

    title: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One panel. Each has a title, a description that says what to do about it, and a unit.

    - `unit`: Grafana's name of a unit, from `grafana_foundation_sdk.models.units`.
    - `width` of 24 columns, `height` in rows of 30 pixels.
    - `links`: of the panel, such as its runbook; `value_links`: of each series or row.
    - `stacked`: draw series as areas on top of each other.
    - `columns`: names of a table's columns by label, `Value #A` for the first query's values; others are hidden.
    - `units`: units of a table's columns by their shown name, where `unit` is not theirs.
    - `text`: Markdown, of a panel of kind `text`.
    """

    title: str
    description: str
    unit: str
    kind: PanelKind = "timeseries"
    queries: tuple[Query, ...] = ()
    limits: Limits | None = None
    width: int = 8
    height: int = 8
    links: tuple[Link, ...] = ()
    value_links: tuple[Link, ...] = ()
    stacked: bool = False
    columns: tuple[tuple[str, str], ...] = ()
    units: tuple[tuple[str, str], ...] = ()
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Variable:
    """A drop-down of a board: the values of a label, by `label_values(metric, label)`; all are chosen at first."""

    name: str
    label: str
    query: str


@dataclass(frozen=True, kw_only=True)
class Annotation:
    """Marks on all panels of a board, where a PromQL query has a value; `title` may use `{{label}}`."""

    name: str
    expr: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """A titled row of panels."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, kw_only=True)
class Board:
    """One dashboard; its file and its uid follow from `name`, as in `fawkes-tracing-services`.

    `audience` is a tag besides `tracing`, by which boards link to each other.
    """

    name: str
    title: str
    description: str
    rows: tuple[Row, ...]
    variables: tuple[Variable, ...] = ()
    audience: Literal["platform", "services", "delivery"] = "platform"
    links: tuple[Link, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    span: str = "now-1h"

    @property
    def uid(self) -> str:
        """Grafana's identifier, at most 40 characters."""
        return f"fawkes-tracing-{self.name}"
