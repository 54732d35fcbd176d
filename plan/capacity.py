"""What a stack needs for another peak: the same formulas, with other settings.

Everything that shares the load grows with it: nodes with their agents, ingesters, and the series that the agents
may make. Gateways become as many as the plan accepts at their present sizes. Nothing else changes.
"""

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plan.limits import checked_plan
from plan.plan import Plan
from plan.span_metrics import span_metrics_series
from settings.dotted import with_settings
from settings.loader import parse
from settings.problems import Problem, SettingsError
from settings.stack import StackSettings

_GATEWAYS = "collectors.gateway"


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """A stack for a peak.

    - `refusals`: what the plan says if only the load grows.
    - `changes`: settings by their dotted names, as they are and as they have to be.
    - `settings` and `plan`: with the changes.
    """

    settings: StackSettings
    plan: Plan
    refusals: tuple[Problem, ...]
    changes: Mapping[str, tuple[Any, Any]]


def capacity(settings: StackSettings, peak: int) -> Capacity:
    """Return what a stack needs for this many spans a second in its busiest minute.

    Raises `SettingsError` with what still binds if no number of gateways that a stack file may have is enough.
    """
    more = _loaded(settings, peak)
    factor = peak / settings.load.peak_spans_per_second
    shared = {
        "tempo.ingesters": _grown(settings.tempo.ingesters, factor),
        "span_metrics.max_series": max(settings.span_metrics.max_series, span_metrics_series(more)),
    }
    refusals = _problems(more)
    # What the plan accepts stays as it is: fewer changes are easier to review.
    if refusals:
        more = _with_gateways(changed(more, shared))
    return Capacity(
        settings=more,
        plan=checked_plan(more),
        refusals=refusals,
        changes=differences(settings, more),
    )


def _loaded(settings: StackSettings, peak: int) -> StackSettings:
    """Return the settings with another peak, and as many nodes more as average and peak are higher."""
    load, factor = settings.load, peak / settings.load.peak_spans_per_second
    return changed(
        settings,
        {
            "load.peak_spans_per_second": peak,
            "load.average_spans_per_second": _grown(load.average_spans_per_second, factor),
            "load.nodes": _grown(load.nodes, factor),
        },
    )


def _grown(amount: int, factor: float) -> int:
    """Return an amount that shares the load; a lower peak takes nothing away."""
    return max(amount, math.ceil(amount * factor))


def _with_gateways(settings: StackSettings) -> StackSettings:
    """Return the settings with the smallest number of gateways, from the present one on, that the plan accepts."""
    for replicas in itertools.count(settings.collectors.gateway.replicas):
        more = changed(settings, {f"{_GATEWAYS}.replicas": replicas})
        if not any(problem.path.startswith(_GATEWAYS) for problem in _problems(more)):
            return more
    raise AssertionError  # the numbers end with a refusal of the settings


def _problems(settings: StackSettings) -> tuple[Problem, ...]:
    try:
        checked_plan(settings)
    except SettingsError as error:
        return error.problems
    return ()


def changed(settings: StackSettings, values: Mapping[str, Any]) -> StackSettings:
    """Return settings with dotted settings changed; raises `SettingsError` where a stack file could not say so."""
    return parse(with_settings(settings.model_dump(mode="json", exclude_unset=True), values))


def differences(before: StackSettings, after: StackSettings) -> dict[str, tuple[Any, Any]]:
    """Return the settings that differ, by their dotted names: (before, after)."""
    old, new = (_leaves(each.model_dump(mode="json")) for each in (before, after))
    return {path: (old[path], value) for path, value in new.items() if old.get(path) != value}


def _leaves(values: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        found |= _leaves(value, f"{path}{name}.") if isinstance(value, Mapping) else {f"{path}{name}": value}
    return found
