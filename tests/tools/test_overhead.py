"""The benchmark of overhead on real parts: a service under OpenTelemetry, and a collector that counts spans."""

import math
from dataclasses import replace

import pytest

from bench.overhead.figures import figures, memory
from bench.overhead.language import BARE, ORDER
from bench.overhead.languages.python import PYTHON
from bench.overhead.measure import repetition, sink_of
from bench.overhead.plan import Plan
from lab.errors import LabError
from lab.progress import Progress
from tests.support.tools import tool

pytestmark = pytest.mark.tools

_SHORT = Plan(repetitions=1, warm_up_seconds=0.5, seconds={ORDER: 1.0, BARE: 1.0}, rates={ORDER: 20.0, BARE: 40.0})


def test_every_span_of_the_traced_service_arrives_and_every_figure_is_finite() -> None:
    with Progress() as progress, sink_of([str(tool("otelcol"))]) as received:
        found = repetition(PYTHON, PYTHON.prepare(progress), _SHORT, received, lambda _: None)
    for path, operations in ((ORDER, 20), (BARE, 40)):
        values = figures([found], path)
        assert {used.operations for used in found.used[path].values()} == {operations}
        assert {len(used.latencies) for used in found.used[path].values()} == {operations}
        assert values.plain_cpu > 0
        assert all(map(math.isfinite, (values.added_cpu, *values.percent, values.added_median, values.added_p95)))
    assert figures([found], ORDER).plain_median > _SHORT.wait_milliseconds
    assert memory([found]).plain > 0


def test_a_run_whose_spans_are_not_those_that_are_said_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a service that is not traced would have no overhead."""
    # All of them are waited for in vain: three exports of the SDK instead of six.
    monkeypatch.setattr("bench.overhead.measure._ARRIVAL_SECONDS", 15.0)
    # More than there are: fewer could be there after the first of two exports.
    expecting = replace(PYTHON, spans={ORDER: 4, BARE: 1})
    with Progress() as progress, sink_of([str(tool("otelcol"))]) as received:
        prepared = PYTHON.prepare(progress)
        with pytest.raises(LabError, match="60 spans of /order arrived, 80 were expected"):
            repetition(expecting, prepared, _SHORT, received, lambda _: None)
