"""Checks of service level objectives."""

from collections.abc import Iterator

from settings.problems import Problem, shown
from settings.stack import StackSettings


def slos_count_every_request(settings: StackSettings) -> Iterator[Problem]:
    """Failed and slow traces are kept more often than others, so the ratios of kept spans are too high."""
    source = settings.span_metrics.source
    if settings.slos.enabled and source != "agents":
        why = {"tempo": "counts kept spans only, of which too many are failed", "none": "counts nothing"}[source]
        yield Problem(
            "slos.enabled",
            f"needs every span counted: span_metrics.source {shown(source)} {why}",
            shown(value=True),
            shown(value=False),
            "Set span_metrics.source to agents, or slos.enabled to false.",
        )


def slos_are_evaluated(settings: StackSettings) -> Iterator[Problem]:
    """Without delivered rules nobody computes budgets."""
    if settings.slos.enabled and settings.alerts.delivery == "none":
        yield Problem(
            "slos.enabled",
            'needs recording rules: with alerts.delivery "none" nobody evaluates them',
            shown(value=True),
            shown(value=False),
            "Set alerts.delivery, or slos.enabled to false.",
        )


def objectives_are_stated_once(settings: StackSettings) -> Iterator[Problem]:
    """Two objectives of one service would each apply half."""
    names = [one.service for one in settings.slos.services]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem(
            "slos.services", "lists a service twice", shown(name), "each service once", "Join its objectives."
        )


def span_kinds_are_listed_once(settings: StackSettings) -> Iterator[Problem]:
    """A repetition says that another kind was meant."""
    kinds = settings.slos.span_kinds
    if len(set(kinds)) < len(kinds):
        yield Problem(
            "slos.span_kinds", "repeats a kind", shown(list(kinds)), "each kind once", "Remove the repetition."
        )
