"""What rule files are made of: recording rules and alerts in groups, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from render.text import Config, to_yaml

Severity = Literal["critical", "warning", "info"]


@dataclass(frozen=True, kw_only=True)
class Recording:
    """A recording rule; `record` is named `level:metric:operations`."""

    record: str
    expr: str
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Alert:
    """An alert.

    - `severity`: `critical` wakes somebody, `warning` is for working hours, `info` for dashboards.
    - `summary` and `description` are templates of Prometheus: `{{ $labels.pod }}`, `{{ $value | humanize }}`.
    - `runbook`: the page in docs/runbooks, and the heading in it, as in `collectors.md#gatewayqueuefull`.
    - `links`: further annotations with addresses, as in `trace_url`.
    """

    name: str
    expr: str
    for_seconds: int
    severity: Severity
    summary: str
    description: str
    runbook: str
    keep_firing_seconds: int = 0
    labels: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Rules that are evaluated one after the other, every `interval_seconds`."""

    name: str
    rules: tuple[Alert | Recording, ...]
    interval_seconds: int = 30


def rule_file(group: Group, runbooks_url: str) -> str:
    """Return the group as a rule file of Prometheus, which is also the `spec` of a PrometheusRule."""
    return to_yaml({"groups": [_group(group, runbooks_url)]})


def annotations(alert: Alert, runbooks_url: str) -> dict[str, str]:
    """Return the annotations of an alert by name, as templates of Prometheus."""
    return {
        "summary": alert.summary,
        "description": alert.description,
        "runbook_url": f"{runbooks_url.rstrip('/')}/{alert.runbook}",
        **alert.links,
    }


def _group(group: Group, runbooks_url: str) -> Config:
    rules = [_alert(one, runbooks_url) if isinstance(one, Alert) else _recording(one) for one in group.rules]
    return {"name": group.name, "interval": f"{group.interval_seconds}s", "rules": rules}


def _recording(rule: Recording) -> Config:
    return {"record": rule.record, "expr": rule.expr, **({"labels": dict(rule.labels)} if rule.labels else {})}


def _alert(alert: Alert, runbooks_url: str) -> Config:
    kept = {"keep_firing_for": f"{alert.keep_firing_seconds}s"} if alert.keep_firing_seconds else {}
    return {
        "alert": alert.name,
        "expr": alert.expr,
        **({"for": f"{alert.for_seconds}s"} if alert.for_seconds else {}),
        **kept,
        "labels": {"severity": alert.severity, **alert.labels},
        "annotations": annotations(alert, runbooks_url),
    }
