"""Requests of every service, those that count against its objectives, and the objectives themselves."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from render.grafana.rules.rule import Recording
from render.grafana.slo_series import BAD_5M, OBJECTIVE, RATIO, REQUESTS_5M
from settings.slos import Slos

_FAILED = 'status_code="STATUS_CODE_ERROR"'
_SUCCEEDED = 'status_code!="STATUS_CODE_ERROR"'


def requests(slos: Slos) -> Iterator[Recording]:
    """Yield the rates of requests and of bad ones, for each kind of objective and each threshold of latency."""
    kinds = _kinds(slos)
    labels = {"slo": "availability"}
    yield Recording(record=REQUESTS_5M, expr=_rate("calls_total", kinds), labels=labels)
    failed = _rate("calls_total", f"{kinds}, {_FAILED}")
    yield Recording(record=BAD_5M, expr=_or_zero(failed, REQUESTS_5M, labels), labels=labels)
    for threshold_ms, services in _thresholds(slos):
        yield from _slow(threshold_ms, f"{kinds}, {_SUCCEEDED}{services}")


def objectives(slos: Slos) -> Iterator[Recording]:
    """Yield the objective of every service that has requests, or had some in the last days.

    A service's own objective comes before that of all.
    """
    for slo, every, own in (
        (
            "availability",
            slos.availability_percentage,
            [(one.service, one.availability_percentage) for one in slos.services],
        ),
        ("latency", slos.latency_percentage, [(one.service, one.latency_percentage) for one in slos.services]),
    ):
        stated = [f"{_seen(slo, name)} * {_share(of_it)}" for name, of_it in own if of_it is not None]
        expr = "\nor\n".join([*stated, f"{_seen(slo)} * {_share(every)}"])
        yield Recording(record=OBJECTIVE, expr=expr, labels={"slo": slo})


def _seen(slo: str, service: str = "") -> str:
    """Return 1 for each service, or for one, that has requests or had some in three days."""
    of = f', service="{service}"' if service else ""
    known = (f'{series}{{slo="{slo}"{of}}}' for series in (f"{RATIO}3d", REQUESTS_5M))
    return f"group by (service) ({' or '.join(known)})"


def _slow(threshold_ms: int, selector: str) -> Iterator[Recording]:
    """Yield the rules of one threshold; it is a label, because another threshold is another objective."""
    labels = {"slo": "latency", "threshold": f"{threshold_ms}ms"}
    every = _rate("latency_count", selector)
    fast = _rate("latency_bucket", f'{selector}, le="{threshold_ms / 1000:g}"')
    yield Recording(record=REQUESTS_5M, expr=every, labels=labels)
    # Not below 0: Prometheus may have scraped one of the two a moment earlier.
    yield Recording(record=BAD_5M, expr=f"clamp_min({every} - {fast}, 0)", labels=labels)


def _thresholds(slos: Slos) -> Iterator[tuple[int, str]]:
    """Yield each threshold with a selector of its services, which begins with a comma or is empty."""
    own: dict[int, list[str]] = defaultdict(list)
    for one in slos.services:
        if one.latency_threshold_ms not in {None, slos.latency_threshold_ms}:
            own[one.latency_threshold_ms or 0].append(one.service)
    others = _matching("!~", [name for names in own.values() for name in names])
    yield slos.latency_threshold_ms, f", {others}" if own else ""
    for threshold_ms, names in sorted(own.items()):
        yield threshold_ms, f", {_matching('=~', names)}"


def _kinds(slos: Slos) -> str:
    return f'span_kind=~"{"|".join(f"SPAN_KIND_{kind.upper()}" for kind in slos.span_kinds)}"'


def _matching(operator: str, names: Iterable[str]) -> str:
    # JSON's strings are PromQL's, whose escapes are Go's.
    return f"service{operator}{json.dumps('|'.join(re.escape(name) for name in sorted(names)))}"


def _rate(metric: str, selector: str) -> str:
    return f"sum by (service) (rate(traces_spanmetrics_{metric}{{{selector}}}[5m]))"


def _or_zero(expr: str, of: str, labels: dict[str, str]) -> str:
    """Return 0 for services without a bad request, whose ratio would be missing instead of 0."""
    return f'{expr}\nor\nsum by (service) ({of}{{slo="{labels["slo"]}"}} * 0)'


def _share(percentage: float) -> str:
    return f"{percentage / 100:.8g}"
