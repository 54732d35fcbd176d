"""`python -m tests.cluster.record_queries`: ask every query on the running lab, and record what it returned.

First under the load of a shop and of pipelines; what returned nothing is asked again during each outage of
`outages.py`. Takes about 15 minutes. It ends with 1 if a query returned nothing and no reason is known.
"""

import json
import sys
import time
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import requests

from lab.cluster.service import Service
from lab.node.layout import PROMETHEUS_URL
from lab.progress import Progress
from lab.target.target import current
from lab.traces.pipelines import pipelines
from lab.traces.roundtrip import send_pipelines
from plan.limits import checked_plan
from render.files import render
from render.names import TEMPO, TEMPO_HTTP_PORT
from settings.stack import StackSettings
from tests.cluster.outages import OUTAGES, load
from tests.support.live import LiveStack
from tests.support.queries import SourcedQuery, variables_of
from tests.support.query_answers import Answers
from tests.support.query_rows import LOADED, Result, Row, results, rows, why_not_asked, write_results

_TIMEOUT_SECONDS = 30
_SEED, _HOURS_OF_PIPELINES, _RECENT_SECONDS = 1, 20, 300
# Long enough for rate() over 1 m to 5 m, for the sampler, and for Tempo's blocks.
_LOADED_SECONDS = 240
_AGAIN_SECONDS = 15
# What Grafana itself fills in.
_OF_GRAFANA = {"__rate_interval": "1m", "__interval": "15s", "__range": "10m"}


def answers(stack: LiveStack, seconds: int = 3600) -> Answers:
    """Return ways to ask the lab's Prometheus and the stack's Tempo."""

    def prometheus(path: str, parameters: Mapping[str, Any]) -> Any:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(f"{PROMETHEUS_URL}{path}", params=parameters, timeout=_TIMEOUT_SECONDS)
        answer.raise_for_status()
        return answer.json()

    def tempo(path: str, parameters: Mapping[str, Any]) -> Any:
        service = Service(stack.namespace, TEMPO, TEMPO_HTTP_PORT)
        status, body = stack.cluster.request(service, f"{path}?{urlencode(parameters)}")
        if status != HTTPStatus.OK:
            raise ValueError(f"Tempo answers {status} to {parameters}: {body.decode(errors='replace')[:500]}")
        return json.loads(body)

    return Answers(prometheus, tempo, _variables(stack.settings), seconds)


def _variables(settings: StackSettings) -> dict[str, str]:
    """Return all of everything for each variable of any board, as it shows at first."""
    boards = render(settings, checked_plan(settings)).dashboards.values()
    return _OF_GRAFANA | {
        name: value for board in boards for name, value in variables_of(json.loads(board)).items()
    }


def ask(answers: Answers, wanted: Iterable[Row]) -> dict[str, int]:
    """Return how much each query found, of those that found anything; a refused query finds nothing."""
    found: dict[str, int] = {}
    for row in wanted:
        try:
            count = answers.results(SourcedQuery(row.sources[0], row.language, row.expr))
        except (ValueError, requests.RequestException) as error:
            print(f"{row.sources[0]}: {error}", file=sys.stderr)
            continue
        if count:
            found[row.key] = count
    return found


def send_recent_pipelines(stack: LiveStack) -> None:
    """Send the traces of a day of pipelines, all of which end within the last minutes."""
    made = pipelines(_SEED, _HOURS_OF_PIPELINES, time.time() - 1, _RECENT_SECONDS)
    with Progress() as progress:
        send_pipelines(stack.cluster, stack.settings, progress, made)


def main() -> int:
    """Ask everything; return 1 for a query that returned nothing without a known reason.

    With `--missing`, ask only what has no result yet, and keep the results of queries that still exist.
    """
    stack = LiveStack.on(current())
    stack.bring()
    wanted = {row.key: row for row in rows() if why_not_asked(row) is None}
    found = {key: one for key, one in results().items() if key in wanted} if "--missing" in sys.argv else {}
    missing = {key: row for key, row in wanted.items() if key not in found}
    with load(stack):
        send_recent_pipelines(stack)
        _until(LOADED, _LOADED_SECONDS, stack, missing, found)
    for outage in OUTAGES if missing else ():
        with outage.block(stack):
            _until(outage.name, outage.seconds, stack, missing, found)
    reasons = {row.key: why_not_asked(row) for row in rows()}
    unanswered = [row for row in missing.values() if not row.is_rule]
    found |= {key: Result(reason, 0) for key, reason in reasons.items() if reason}
    found |= {key: Result("only in promtool's cases", 0) for key, row in missing.items() if row.is_rule}
    write_results(found)
    for row in unanswered:
        print(f"{row.sources[0]}: nothing for {row.expr}", file=sys.stderr)
    return 1 if unanswered else 0


def _until(when: str, seconds: float, stack: LiveStack, missing: dict[str, Row], found: dict[str, Result]) -> None:
    """Ask what is missing again and again for a while, and note what was found."""
    deadline = time.monotonic() + seconds
    asked = answers(stack)
    while missing and time.monotonic() < deadline:
        counts = ask(asked, missing.values())
        found |= {key: Result(when, count) for key, count in counts.items()}
        for key in counts:
            del missing[key]
        print(f"{when}: {len(missing)} queries returned nothing yet", file=sys.stderr)
        time.sleep(_AGAIN_SECONDS)


if __name__ == "__main__":
    raise SystemExit(main())
