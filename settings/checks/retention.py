"""Checks of the retention tiers with the search window, the polls and the baseline."""

from collections.abc import Iterator

from settings.problems import Problem, shown
from settings.stack import StackSettings
from settings.tempo import POLLS_UNTIL_SEEN

_HOURS_PER_DAY = 24
_SECONDS_PER_HOUR = 3600


def the_long_term_tier_is_longer(settings: StackSettings) -> Iterator[Problem]:
    """A long-term tier that is not longer than the detailed one keeps nothing of its own."""
    retention = settings.retention
    if retention.long_term_hours is not None and retention.long_term_hours <= retention.detailed_hours:
        yield Problem(
            "retention.long_term_hours",
            "is not longer than retention.detailed_hours, so the tier would hold nothing of its own",
            shown(retention.long_term_hours),
            f"more than {retention.detailed_hours}",
            "Raise it, or remove it to do without the tier.",
        )


def the_search_window_covers_the_retention(settings: StackSettings) -> Iterator[Problem]:
    """Tempo refuses a search over more time than its window, whatever is stored."""
    longest = settings.retention.longest_hours
    if settings.tempo.search_window_hours < longest:
        yield Problem(
            "tempo.search_window_hours",
            "is shorter than the longest retention, so old traces would be stored but not searchable",
            shown(settings.tempo.search_window_hours),
            f"at least {longest}",
            f"Set it to {longest} or more, or shorten the retention.",
        )


def blocks_are_found_within_their_retention(settings: StackSettings) -> Iterator[Problem]:
    """A block that expires before queriers have polled it is never searched."""
    tempo = settings.tempo
    found_after = tempo.max_block_duration_seconds + POLLS_UNTIL_SEEN * tempo.blocklist_poll_seconds
    if found_after > settings.retention.detailed_hours * _SECONDS_PER_HOUR:
        yield Problem(
            "retention.detailed_hours",
            "is shorter than the time until a block is flushed and found by queriers "
            f"(tempo.max_block_duration_seconds + {POLLS_UNTIL_SEEN} × tempo.blocklist_poll_seconds)",
            shown(settings.retention.detailed_hours),
            f"at least {_whole(found_after, _SECONDS_PER_HOUR)}",
            "Raise it, or lower the block duration or the poll interval.",
        )


def compacted_blocks_outlive_the_polls(settings: StackSettings) -> Iterator[Problem]:
    """A querier that has not polled since a block was compacted still reads it, and fails if it is gone."""
    polled_after = POLLS_UNTIL_SEEN * settings.tempo.blocklist_poll_seconds
    if settings.retention.compacted_block_hours * _SECONDS_PER_HOUR < polled_after:
        yield Problem(
            "retention.compacted_block_hours",
            f"is shorter than the time until every querier has polled ({POLLS_UNTIL_SEEN} × "
            "tempo.blocklist_poll_seconds), so searches would fail on deleted blocks",
            shown(settings.retention.compacted_block_hours),
            f"at least {_whole(polled_after, _SECONDS_PER_HOUR)}",
            "Raise it, or lower tempo.blocklist_poll_seconds.",
        )


def metrics_outlive_the_traces(settings: StackSettings) -> Iterator[Problem]:
    """Each tier holds less and keeps it longer; metrics that expire before the traces are not the last tier."""
    longest, days = settings.retention.longest_hours, settings.retention.aggregated_metrics_days
    path = "retention.aggregated_metrics_days"
    if days is not None and days * _HOURS_PER_DAY < longest:
        yield Problem(
            path,
            "is shorter than the longest retention of traces",
            shown(days),
            f"at least {_whole(longest, _HOURS_PER_DAY)}",
            "Raise it here and in Prometheus, or remove it if no metrics are kept.",
        )
    if days is not None and settings.span_metrics.source == "none":
        yield Problem(
            path,
            'does not apply: with span_metrics.source "none" there are no metrics to keep',
            shown(days),
            "nothing",
            "Remove it, or choose a source.",
        )


def the_long_term_share_is_within_the_baseline(settings: StackSettings) -> Iterator[Problem]:
    """The long-term tier is fed from the kept traces, so its share of all traces cannot exceed the baseline."""
    sampling = settings.sampling
    if (
        settings.retention.long_term_hours is not None
        and sampling.long_term_baseline_percentage > sampling.baseline_percentage
    ):
        yield Problem(
            "sampling.long_term_baseline_percentage",
            "is above sampling.baseline_percentage, but only kept traces reach the long-term tier",
            shown(sampling.long_term_baseline_percentage),
            f"at most {sampling.baseline_percentage:g}",
            "Lower it, or raise the baseline.",
        )


def _whole(amount: int, unit: int) -> int:
    """Return the amount in whole units, rounded up."""
    return -(-amount // unit)
