"""What a Prometheus and a Tempo answer to a query, as Grafana would ask them."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.support.queries import SourcedQuery, interpolated

Parameters = Mapping[str, str | int | float]
Ask = Callable[[str, Parameters], Any]
# As the Tempo plugin asks Prometheus for the edges of the service map.
_EDGES = (
    "sum by (client, server) (rate(traces_service_graph_request_total{}[$__range]))",
    "sum by (client, server) (rate(traces_service_graph_request_server_seconds_sum{}[$__range]))",
)
_AHEAD_SECONDS = 60


@dataclass(frozen=True)
class Answers:
    """Ways to ask both servers, the values of variables, and how long ago the data begin.

    `zeros`: whether a value of 0 in PromQL counts as found; a query with `or 0 * …` is never without one.

    `prometheus` and `tempo` get the path (`/api/v1/query`) and the parameters, and return the JSON document; they
    raise where a server refuses.
    """

    prometheus: Ask
    tempo: Ask
    variables: Mapping[str, str]
    seconds: int
    zeros: bool = True

    def results(self, query: SourcedQuery) -> int:
        """Return how many series or traces the query finds; a value that is not a number does not count."""
        expr = interpolated(query.expr, self.variables)
        match query.language:
            case "promql":
                return self._promql(expr)
            case "service_map":
                edges = [interpolated(edge.replace("{}", expr), self.variables) for edge in _EDGES]
                return min(self._promql(edge) for edge in edges)
            case "traceql":
                return len(self.tempo("/api/search", self._window({"q": expr, "limit": 20})).get("traces") or [])
            case "traceql_metrics":
                return self._traceql_metrics(expr)
            case "logql":
                raise ValueError(f"There are no logs to ask for {query.source}.")

    def _promql(self, expr: str) -> int:
        found = self.prometheus("/api/v1/query", {"query": expr})["data"]["result"]
        if isinstance(found, list) and found and isinstance(found[0], dict):
            values = [float(one["value"][1]) for one in found]
            return sum(not math.isnan(value) and (self.zeros or value > 0) for value in values)
        return bool(found)

    def _traceql_metrics(self, expr: str) -> int:
        """Return the series with a value other than 0: Tempo fills the time without spans."""
        answer = self.tempo("/api/metrics/query_range", self._window({"q": expr, "step": "10s"}))
        series = answer.get("series") or []
        return sum(any(sample.get("value") for sample in one.get("samples") or []) for one in series)

    def _window(self, parameters: Parameters) -> Parameters:
        now = int(time.time())
        return {**parameters, "start": now - self.seconds, "end": now + _AHEAD_SECONDS}


def with_variables(answers: Answers, variables: Mapping[str, str]) -> Answers:
    """Return the same with further variables."""
    return replace(answers, variables={**answers.variables, **variables})
