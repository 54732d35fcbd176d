"""Checks of the load and of what is kept of it."""

from collections.abc import Iterator

from settings.problems import Problem, shown
from settings.stack import StackSettings

# The SDKs send a batch every 5 s by default; a shorter wait decides traces before their spans arrived.
_SDK_BATCH_SECONDS = 5


def the_decision_outlasts_the_senders_batch(settings: StackSettings) -> Iterator[Problem]:
    """A trace that is decided before its last spans arrive loses its errors."""
    if settings.sampling.decision_wait_seconds < _SDK_BATCH_SECONDS:
        yield Problem(
            "sampling.decision_wait_seconds",
            "is shorter than the SDKs' batch interval, so traces would be decided before they are whole",
            shown(settings.sampling.decision_wait_seconds),
            f"at least {_SDK_BATCH_SECONDS}",
            f"Set it to {2 * _SDK_BATCH_SECONDS} or more.",
        )


def slow_traces_end_before_they_are_decided(settings: StackSettings) -> Iterator[Problem]:
    """A trace slower than the wait is decided before its slowness is known."""
    sampling = settings.sampling
    if sampling.slow_threshold_ms >= sampling.decision_wait_seconds * 1000:
        yield Problem(
            "sampling.slow_threshold_ms",
            "is not below sampling.decision_wait_seconds, so no trace is known to be slow when it is decided",
            shown(sampling.slow_threshold_ms),
            f"less than {sampling.decision_wait_seconds * 1000}",
            "Lower the threshold or lengthen the wait.",
        )


def the_average_is_below_the_peak(settings: StackSettings) -> Iterator[Problem]:
    """The two figures are easily swapped."""
    load = settings.load
    if load.average_spans_per_second > load.peak_spans_per_second:
        yield Problem(
            "load.average_spans_per_second",
            "is above load.peak_spans_per_second",
            shown(load.average_spans_per_second),
            f"at most {load.peak_spans_per_second}",
            "Correct whichever of the two is wrong.",
        )
    if load.failed_percentage + load.slow_or_named_percentage > 100:  # noqa: PLR2004 - per cent
        yield Problem(
            "load.slow_or_named_percentage",
            "adds up to more than all traces with load.failed_percentage",
            shown(load.slow_or_named_percentage),
            f"at most {100 - load.failed_percentage:g}",
            "Count a trace that is both failed and slow as failed only.",
        )
