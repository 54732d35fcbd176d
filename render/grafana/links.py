"""Addresses in Grafana: TraceQL searches in Explore and dashboards, for panels and for the annotations of alerts.

Explore takes its state as JSON in the address. The fixed part is encoded here; only the values of labels are put
in later, by Grafana or by Prometheus. In a query, `$name` stands for such a value and `$$` for a dollar sign.
"""

import json
from collections.abc import Collection, Mapping
from string import Template
from urllib.parse import quote

from render.text import Config
from settings.stack import StackSettings

# The datasource that searches the traces of all tenants.
ALL_TENANTS = "tempo"
# As many traces as a panel shows.
_TRACES_SHOWN = 20
# Alert templates know no start time. The alerts' own windows are at most 6 h where somebody is woken.
_ALERT_SPAN = ("now-1h", "now")
# The time range that the board shows, in milliseconds.
_BOARD_SPAN = ("${__from}", "${__to}")
# What may stand in a link as it is. A quote would end the TraceQL string and the JSON text around it.
_UNSAFE = "[^a-zA-Z0-9._-]"


def series(label: str) -> str:
    """Return Grafana's variable for a label of the series that was clicked."""
    return f"${{__field.labels.{label}:percentencode}}"


def column(name: str) -> str:
    """Return Grafana's variable for the value in a table column, by its shown name, of the clicked row."""
    return f'${{__data.fields["{name}"]:percentencode}}'


def label(name: str) -> str:
    """Return Prometheus' template for a label of the alert, each of its unusual characters as a dot.

    In a regular expression a dot matches any character, so compare by `=~`:
    `{ resource.service.name =~ "$service" }`.
    """
    return f'{{{{ $labels.{name} | reReplaceAll "{_UNSAFE}" "." | urlquery }}}}'


def explore_traceql(traceql: str, values: Mapping[str, str], datasource: str = ALL_TENANTS) -> str:
    """Return the address of a search within Grafana, for the links of boards, over the time that the board shows.

    `values` are variables of Grafana by their name in the query: `{"service": series("service")}`. Raises KeyError
    for a `$name` without a value.
    """
    return _explore(traceql, values, datasource, _BOARD_SPAN)


def explore_logs(logql: str, values: Mapping[str, str], datasource: str = "loki") -> str:
    """Return the address of a search of logs within Grafana; `logql` and `values` as in `explore_traceql`."""
    query = {"refId": "A", "datasource": {"type": "loki", "uid": datasource}, "queryType": "range", "expr": logql}
    return _explored(query, values, _BOARD_SPAN)


def dashboard(name: str, values: Mapping[str, str]) -> str:
    """Return the address of a dashboard within Grafana, with values of its variables, over the time shown."""
    chosen = "".join(f"&var-{variable}={value}" for variable, value in values.items())
    return f"/d/{board_uid(name)}?${{__url_time_range}}{chosen}"


def board_uid(name: str) -> str:
    """Return the identifier of the board of this name."""
    return f"fawkes-tracing-{name}"


def alert_links(
    settings: StackSettings,
    traceql: str,
    labels: Collection[str],
    board_name: str = "services",
    variables: Collection[str] | None = None,
) -> dict[str, str]:
    """Return an alert's annotations: `trace_url`, a search, and `dashboard_url`; none without `grafana.url`.

    `labels` are those of the alert that the query names; `variables` those that the board has variables for, by
    default the same. Raises KeyError for a `$name` that is no label.
    """
    if settings.grafana.url is None:
        return {}
    root = settings.grafana.url.rstrip("/")
    values = {name: label(name) for name in labels}
    chosen = "".join(f"&var-{name}={label(name)}" for name in (labels if variables is None else variables))
    return {
        "trace_url": root + _explore(traceql, values, ALL_TENANTS, _ALERT_SPAN),
        "dashboard_url": f"{root}/d/{board_uid(board_name)}?from={_ALERT_SPAN[0]}&to={_ALERT_SPAN[1]}{chosen}",
    }


def _explore(traceql: str, values: Mapping[str, str], datasource: str, span: tuple[str, str]) -> str:
    query = {
        "refId": "A",
        "datasource": {"type": "tempo", "uid": datasource},
        "queryType": "traceql",
        "query": traceql,
        "limit": _TRACES_SHOWN,
        "tableType": "traces",
    }
    return _explored(query, values, span)


def _explored(query: Config, values: Mapping[str, str], span: tuple[str, str]) -> str:
    since, until = span
    uid = query["datasource"]["uid"]
    panes = {"traces": {"datasource": uid, "queries": [query], "range": {"from": "$since", "to": "$until"}}}
    encoded = quote(json.dumps(panes, separators=(",", ":")), safe="$")
    filled = Template(encoded).substitute(values, since=since, until=until)
    return f"/explore?schemaVersion=1&orgId=1&panes={filled}"
