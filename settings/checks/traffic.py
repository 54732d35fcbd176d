"""Checks of the load and of the sampling decision."""

from collections.abc import Iterator

from settings.problems import Problem, shown
from settings.stack import StackSettings

# The SDKs send a batch every 5 s by default; a shorter wait decides traces before their spans arrive.
_SDK_BATCH_SECONDS = 5


def the_decision_outlasts_the_senders_batch(settings: StackSettings) -> Iterator[Problem]:
    """If a trace is decided before its last spans arrive, their errors are missed."""
    if settings.sampling.decision_wait_seconds < _SDK_BATCH_SECONDS:
        yield Problem(
            "sampling.decision_wait_seconds",
            "is shorter than the SDKs' batch interval, so traces would be decided before they are complete",
            shown(settings.sampling.decision_wait_seconds),
            f"at least {_SDK_BATCH_SECONDS}",
            f"Set it to {2 * _SDK_BATCH_SECONDS} or more.",
        )


def slow_traces_end_before_they_are_decided(settings: StackSettings) -> Iterator[Problem]:
    """A trace that lasts longer than the wait is decided before its duration is known."""
    sampling = settings.sampling
    if sampling.slow_threshold_ms >= sampling.decision_wait_seconds * 1000:
        yield Problem(
            "sampling.slow_threshold_ms",
            "is not below sampling.decision_wait_seconds, so no trace is known to be slow when it is decided",
            shown(sampling.slow_threshold_ms),
            f"less than {sampling.decision_wait_seconds * 1000}",
            "Lower the threshold or lengthen the wait.",
        )


def a_service_has_one_limit(settings: StackSettings) -> Iterator[Problem]:
    """Two limits for a service would be two policies of one name, with which the collector does not start."""
    names = [limit.service for limit in settings.sampling.service_limits]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem(
            "sampling.service_limits",
            f"has {names.count(name)} limits for one service",
            shown(name),
            "each service once",
            "Remove all but one.",
        )


def the_average_is_below_the_peak(settings: StackSettings) -> Iterator[Problem]:
    """The average and the peak are easily swapped."""
    load = settings.load
    if load.average_spans_per_second > load.peak_spans_per_second:
        yield Problem(
            "load.average_spans_per_second",
            "is above load.peak_spans_per_second",
            shown(load.average_spans_per_second),
            f"at most {load.peak_spans_per_second}",
            "Correct whichever of the two is wrong.",
        )


def kept_percentages_are_within_all_traces(settings: StackSettings) -> Iterator[Problem]:
    """Each percentage counts traces that the other does not."""
    load = settings.load
    if load.failed_percentage + load.slow_or_named_percentage > 100:  # noqa: PLR2004 - per cent
        yield Problem(
            "load.slow_or_named_percentage",
            "is more than 100 % together with load.failed_percentage",
            shown(load.slow_or_named_percentage),
            f"at most {100 - load.failed_percentage:g}",
            "Count a trace that is both failed and slow as failed only.",
        )
