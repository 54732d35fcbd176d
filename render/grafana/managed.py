"""Grafana-managed alerts, as the file from which Grafana provisions them.

The SDK builds the queries. Its rules have the keys of Grafana's HTTP API, which differ from those of a file, so
they are written here. Recording rules stay with Prometheus, and alerts that read a recorded series with them.
"""

import json
from collections.abc import Collection, Iterator

from grafana_foundation_sdk.builders import alerting, expr, prometheus
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.alerting import RelativeTimeRange

from render.grafana import uids
from render.grafana.rules.rule import Alert, Group, Recording, annotations
from render.text import Config, to_yaml

MANAGED_FILE = "managed-alerts.yaml"
FOLDER = "Tracing"
# Grafana's own data source for expressions on the results of queries.
_EXPRESSIONS = "__expr__"
_QUERY, _LAST, _FIRES = "A", "B", "C"
# An instant query asks for the end of this range alone; Grafana wants one all the same.
_RANGE_SECONDS = 600


def managed_alerts(groups: Collection[Group], runbooks_url: str) -> str:
    """Return the file, which begins with the alerts that it leaves out; "" if there are no groups."""
    if not groups:
        return ""
    recorded = {rule.record for group in groups for rule in group.rules if isinstance(rule, Recording)}
    left_out = [alert.name for alert in _alerts(groups) if _reads(alert, recorded)]
    document = {"apiVersion": 1, "groups": [*_groups(groups, recorded, runbooks_url)]}
    return "".join(_note(left_out)) + to_yaml(document)


def _note(left_out: Collection[str]) -> Iterator[str]:
    if left_out:
        yield "# Left out, because they read what Prometheus must record; load the rule files there:\n"
        yield from (f"# - {name}\n" for name in left_out)


def _alerts(groups: Collection[Group]) -> Iterator[Alert]:
    return (rule for group in groups for rule in group.rules if isinstance(rule, Alert))


def _reads(alert: Alert, recorded: Collection[str]) -> bool:
    return any(name in alert.expr for name in recorded)


def _groups(groups: Collection[Group], recorded: Collection[str], runbooks_url: str) -> Iterator[Config]:
    for group in groups:
        rules = [_rule(alert, runbooks_url) for alert in _alerts([group]) if not _reads(alert, recorded)]
        if rules:
            yield {
                "orgId": 1,
                "name": group.name,
                "folder": FOLDER,
                "interval": f"{group.interval_seconds}s",
                "rules": rules,
            }


def _rule(alert: Alert, runbooks_url: str) -> Config:
    return {
        "uid": f"fawkes-{alert.name.lower()}",
        "title": alert.name,
        "condition": _FIRES,
        "data": _data(alert),
        # A query that finds nothing is the healthy state: each returns only what is wrong.
        "noDataState": "OK",
        # Without Prometheus nobody watches, and Grafana says so once for all rules.
        "execErrState": "Error",
        "for": f"{alert.for_seconds}s",
        **({"keepFiringFor": f"{alert.keep_firing_seconds}s"} if alert.keep_firing_seconds else {}),
        "labels": {"severity": alert.severity, **alert.labels},
        "annotations": {name: _template(text) for name, text in annotations(alert, runbooks_url).items()},
    }


def _data(alert: Alert) -> list[Config]:
    """Return the query, its last value, and that there is one: the query itself compares with the limit.

    A threshold would have to be below every value that means a fault, and 0 is one.
    """
    query = prometheus.Dataquery().expr(alert.expr).instant().ref_id(_QUERY)
    last = expr.TypeReduce().expression(_QUERY).reducer("last").ref_id(_LAST)
    fires = expr.TypeMath().expression(f"is_number(${_LAST})").ref_id(_FIRES)
    span = RelativeTimeRange(from_val=_RANGE_SECONDS, to=0)
    steps = [
        alerting.Query(_QUERY).datasource_uid(uids.PROMETHEUS).model(query).relative_time_range(span),
        alerting.Query(_LAST).datasource_uid(_EXPRESSIONS).model(last).relative_time_range(span),
        alerting.Query(_FIRES).datasource_uid(_EXPRESSIONS).model(fires).relative_time_range(span),
    ]
    found: list[Config] = json.loads(JSONEncoder(sort_keys=True).encode([step.build() for step in steps]))
    return found


def _template(text: str) -> str:
    """Return a template of Prometheus in Grafana's terms.

    Provisioning replaces `$name` by an environment variable, so labels are read from the template's data instead.
    Grafana's `$value` is a text of all values.
    """
    translated = text.replace("$labels.", ".Labels.").replace("$value", f".Values.{_LAST}.Value")
    if "$" in translated:
        raise ValueError(f"the template {text!r} uses a variable that has no counterpart in Grafana")
    return translated
