"""Checks that tie the tiers, the search window and the bucket together."""

from collections.abc import Iterator

from settings.problems import Problem, shown
from settings.stack import StackSettings

# Tempo's manual: recent data must stay with the ingesters for two polls, or searches have a gap.
_POLLS_UNTIL_SEEN = 2
_HOURS_PER_DAY = 24


def retention_tiers_grow(settings: StackSettings) -> Iterator[Problem]:
    """A longer tier that is shorter than the one below it keeps nothing."""
    retention = settings.retention
    if retention.long_term_hours is not None and retention.long_term_hours <= retention.detailed_hours:
        yield Problem(
            "retention.long_term_hours",
            "is not longer than retention.detailed_hours, so the tier would hold nothing of its own",
            shown(retention.long_term_hours),
            f"more than {retention.detailed_hours}",
            "Lengthen it, or remove it to do without the tier.",
        )


def searches_reach_all_that_is_kept(settings: StackSettings) -> Iterator[Problem]:
    """Tempo refuses a search over more time than its window, whatever is stored."""
    longest = max(settings.retention.detailed_hours, settings.retention.long_term_hours or 0)
    if settings.tempo.search_window_hours < longest:
        yield Problem(
            "tempo.search_window_hours",
            "is shorter than the longest retention, so old traces could be kept but not searched",
            shown(settings.tempo.search_window_hours),
            f"at least {longest}",
            f"Set it to {longest} or more, or shorten the retention.",
        )


def blocks_are_flushed_and_seen_within_their_retention(settings: StackSettings) -> Iterator[Problem]:
    """A block that is cut and polled later than it expires is never seen by a querier."""
    tempo = settings.tempo
    seen_after = tempo.max_block_duration_seconds + _POLLS_UNTIL_SEEN * tempo.blocklist_poll_seconds
    if seen_after > settings.retention.detailed_hours * 3600:
        yield Problem(
            "retention.detailed_hours",
            "is over before a block is cut and seen by queriers "
            f"(tempo.max_block_duration_seconds + {_POLLS_UNTIL_SEEN} × tempo.blocklist_poll_seconds)",
            shown(settings.retention.detailed_hours),
            f"at least {seen_after / 3600:.1f} hours",
            "Lengthen the retention, or shorten the block duration or the poll.",
        )


def compacted_blocks_outlive_the_polls(settings: StackSettings) -> Iterator[Problem]:
    """A querier that has not polled since a block was merged still reads it, and fails when it is gone."""
    needed = _POLLS_UNTIL_SEEN * settings.tempo.blocklist_poll_seconds
    if settings.retention.compacted_block_hours * 3600 < needed:
        yield Problem(
            "retention.compacted_block_hours",
            f"is over before every querier has polled ({_POLLS_UNTIL_SEEN} × tempo.blocklist_poll_seconds), so "
            "searches would fail on blocks that are gone",
            shown(settings.retention.compacted_block_hours),
            f"at least {-(-needed // 3600)}",
            "Lengthen it, or poll more often.",
        )


def metrics_outlive_the_traces(settings: StackSettings) -> Iterator[Problem]:
    """The tiers get thinner and longer; metrics that end before the traces are not the last tier."""
    retention = settings.retention
    longest = max(retention.detailed_hours, retention.long_term_hours or 0)
    days = retention.aggregated_metrics_days
    if days is not None and days * _HOURS_PER_DAY < longest:
        yield Problem(
            "retention.aggregated_metrics_days",
            "is shorter than the longest retention of traces",
            shown(days),
            f"at least {-(-longest // _HOURS_PER_DAY)}",
            "Lengthen it in Prometheus and here, or remove it when no metrics are kept.",
        )
    if days is not None and settings.grafana.prometheus_url is None:
        yield Problem(
            "retention.aggregated_metrics_days",
            "has nothing to keep: without grafana.prometheus_url Tempo makes no metrics",
            shown(days),
            "nothing",
            "Name the Prometheus, or remove it.",
        )


def the_thin_sample_is_part_of_the_baseline(settings: StackSettings) -> Iterator[Problem]:
    """The long-term tier is fed from what is kept: it cannot hold a larger share than that."""
    sampling = settings.sampling
    if (
        settings.retention.long_term_hours is not None
        and sampling.long_term_baseline_percentage > sampling.baseline_percentage
    ):
        yield Problem(
            "sampling.long_term_baseline_percentage",
            "is more than sampling.baseline_percentage, of which it is a part",
            shown(sampling.long_term_baseline_percentage),
            f"at most {sampling.baseline_percentage:g}",
            "Lower it, or raise the baseline.",
        )
