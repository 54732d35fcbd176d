"""Cases of `settings/checks/retention.py`."""

from settings.checks import retention
from tests.support.stacks import ABSENT
from tests.unit.settings.cases import Case

CASES = (
    Case(
        retention.the_long_term_tier_is_longer,
        "prod",
        {"retention.long_term_hours": 168},
        "retention.long_term_hours: is not longer than retention.detailed_hours, so the tier would hold nothing "
        "of its own (got 168; allowed more than 168). Raise it, or remove it to do without the tier.",
        {"retention.long_term_hours": 169},
    ),
    Case(
        retention.the_search_window_covers_the_retention,
        "prod",
        {"tempo.search_window_hours": 719},
        "tempo.search_window_hours: is shorter than the longest retention, so old traces would be stored but not "
        "searchable (got 719; allowed at least 720). Set it to 720 or more, or shorten the retention.",
        {"tempo.search_window_hours": 720},
    ),
    Case(
        retention.blocks_are_found_within_their_retention,
        "dojo",
        {
            "retention.detailed_hours": 1,
            "tempo.max_block_duration_seconds": 3001,
            "tempo.blocklist_poll_seconds": 300,
        },
        "retention.detailed_hours: is shorter than the time until a block is flushed and found by queriers "
        "(tempo.max_block_duration_seconds + 2 × tempo.blocklist_poll_seconds) "
        "(got 1; allowed at least 2). Raise it, or lower the block duration or the poll interval.",
        {
            "retention.detailed_hours": 1,
            "tempo.max_block_duration_seconds": 3000,
            "tempo.blocklist_poll_seconds": 300,
        },
    ),
    Case(
        retention.compacted_blocks_outlive_the_polls,
        "dojo",
        {"tempo.blocklist_poll_seconds": 1801},
        "retention.compacted_block_hours: is shorter than the time until every querier has polled "
        "(2 × tempo.blocklist_poll_seconds), so searches would fail on deleted blocks "
        "(got 1; allowed at least 2). Raise it, or lower tempo.blocklist_poll_seconds.",
        {"tempo.blocklist_poll_seconds": 1800},
    ),
    Case(
        retention.metrics_outlive_the_traces,
        "prod",
        {"retention.aggregated_metrics_days": 29},
        "retention.aggregated_metrics_days: is shorter than the longest retention of traces "
        "(got 29; allowed at least 30). "
        "Raise it here and in Prometheus, or remove it if no metrics are kept.",
        {"retention.aggregated_metrics_days": 30},
    ),
    Case(
        retention.metrics_outlive_the_traces,
        "prod",
        {"span_metrics.source": "none"},
        'retention.aggregated_metrics_days: does not apply: with span_metrics.source "none" there are no metrics '
        "to keep (got 90; allowed nothing). Remove it, or choose a source.",
        {"span_metrics.source": "none", "retention.aggregated_metrics_days": ABSENT},
    ),
    Case(
        retention.the_long_term_share_is_within_the_baseline,
        "prod",
        {"sampling.long_term_baseline_percentage": 10.5},
        "sampling.long_term_baseline_percentage: is above sampling.baseline_percentage, but only kept "
        "traces reach the long-term tier (got 10.5; allowed at most 10). Lower it, or raise the baseline.",
        {"sampling.long_term_baseline_percentage": 10.0},
    ),
)
