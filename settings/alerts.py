"""Recording rules and alerts: who evaluates them, and where their runbooks are."""

from typing import Literal

from pydantic import Field

from settings.base import Section
from settings.grafana import HttpUrl


class Alerts(Section):
    """Rules for metrics of Tempo, the collectors and the applications."""

    delivery: Literal["prometheus_operator", "grafana", "none"] = Field(
        default="none",
        description="`prometheus_operator` creates PrometheusRules, which need the Prometheus operator's "
        "definitions in the cluster; `grafana` provisions Grafana-managed alerts by the sidecar, without those "
        "that read a series that Prometheus must record (error budgets). Both render rule files, which any "
        "Prometheus loads.",
    )
    runbooks_url: HttpUrl = Field(
        default="https://github.com/paruff/fawkes-tracing/blob/main/docs/runbooks",
        description="Where the folder docs/runbooks is published; each alert's `runbook_url` begins with it.",
    )
