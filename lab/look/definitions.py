"""What the page is made from: the stack's dashboards, datasources and links, as Grafana gets them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from plan.plan import make_plan
from render.grafana import uids
from render.grafana.correlations import traces_to_logs, traces_to_metrics
from render.grafana.dashboards import boards
from render.grafana.house import dashboard_json
from render.grafana.other_datasources import prometheus
from render.tenants import long_term_tenants, tenants
from render.text import Config
from settings.stack import StackSettings

# How Tempo reads several tenants from its header.
_AND = "|"


@dataclass(frozen=True)
class Definitions:
    """The definitions of one stack.

    - `summary`: what the page needs to begin.
    - `dashboards`: Grafana's JSON by `<uid>.json`.
    - `tempo`: the value of the tenant header by the datasource's uid; "" in a stack without tenants.
    """

    summary: Config
    dashboards: Mapping[str, str]
    tempo: Mapping[str, str]


def definitions_of(stack: str, settings: StackSettings, *, metrics: bool) -> Definitions:
    """Return them; `metrics` says whether the stack's Prometheus can be reached."""
    found = {board.uid: dashboard_json(board) for board in boards(settings, make_plan(settings))}
    parsed = [json.loads(text) for text in found.values()]
    sources = list(_tempo(settings))
    summary: Config = {
        "stack": stack,
        "namespace": settings.environment.namespace,
        "metrics": metrics,
        "tempo": [{"uid": uid, "name": name} for uid, name, _ in sources],
        "dashboards": [{key: one[key] for key in ("uid", "title", "description", "tags")} for one in parsed],
        "links": {"tracesToLogsV2": traces_to_logs(settings), **traces_to_metrics(settings)},
        # From it Grafana derives the shortest step, and the window of rates.
        "scrape_seconds": int(prometheus(settings)["jsonData"]["timeInterval"].removesuffix("s")),
        "logs_backend": settings.grafana.logs_backend,
        # Why a trace may be missing.
        "kept": {
            "baseline_percentage": settings.sampling.baseline_percentage,
            "slow_threshold_ms": settings.sampling.slow_threshold_ms,
            "decision_wait_seconds": settings.sampling.decision_wait_seconds,
            "detailed_hours": settings.retention.detailed_hours,
        },
    }
    return Definitions(
        summary, {f"{uid}.json": text for uid, text in found.items()}, {u: h for u, _, h in sources}
    )


def _tempo(settings: StackSettings) -> Iterator[tuple[str, str, str]]:
    """Yield uid, name and tenant header of each view of the traces; across tenants the uids are Grafana's."""
    detailed, long_term = tenants(settings), long_term_tenants(settings)
    yield uids.TEMPO, "All tenants" if len(detailed) > 1 else "Traces", _AND.join(detailed)
    if long_term:
        yield uids.TEMPO_LONG_TERM, "Long-term", _AND.join(long_term)
    for tenant in (*detailed, *long_term) if len(detailed) > 1 else ():
        yield uids.tempo_tenant(tenant), tenant, tenant
