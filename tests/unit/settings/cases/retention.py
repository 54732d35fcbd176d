"""Cases of `settings/checks/retention.py`."""

from settings.checks import retention
from tests.support.stacks import ABSENT
from tests.unit.settings.cases import Case

CASES = (
    Case(
        retention.retention_tiers_grow,
        "prod",
        {"retention.long_term_hours": 168},
        "retention.long_term_hours: is not longer than retention.detailed_hours, so the tier would hold nothing "
        "of its own (got 168; allowed more than 168). Lengthen it, or remove it to do without the tier.",
        {"retention.long_term_hours": 169},
    ),
    Case(
        retention.searches_reach_all_that_is_kept,
        "prod",
        {"tempo.search_window_hours": 719},
        "tempo.search_window_hours: is shorter than the longest retention, so old traces could be kept but not "
        "searched (got 719; allowed at least 720). Set it to 720 or more, or shorten the retention.",
        {"tempo.search_window_hours": 720},
    ),
    Case(
        retention.blocks_are_flushed_and_seen_within_their_retention,
        "dojo",
        {
            "retention.detailed_hours": 1,
            "tempo.max_block_duration_seconds": 3001,
            "tempo.blocklist_poll_seconds": 300,
        },
        "retention.detailed_hours: is over before a block is cut and seen by queriers "
        "(tempo.max_block_duration_seconds + 2 × tempo.blocklist_poll_seconds) "
        "(got 1; allowed at least 1.0 hours). Lengthen the retention, or shorten the block duration or the poll.",
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
        "retention.compacted_block_hours: is over before every querier has polled "
        "(2 × tempo.blocklist_poll_seconds), so searches would fail on blocks that are gone "
        "(got 1; allowed at least 2). Lengthen it, or poll more often.",
        {"tempo.blocklist_poll_seconds": 1800},
    ),
    Case(
        retention.metrics_outlive_the_traces,
        "prod",
        {"retention.aggregated_metrics_days": 29},
        "retention.aggregated_metrics_days: is shorter than the longest retention of traces "
        "(got 29; allowed at least 30). "
        "Lengthen it in Prometheus and here, or remove it when no metrics are kept.",
        {"retention.aggregated_metrics_days": 30},
    ),
    Case(
        retention.metrics_outlive_the_traces,
        "prod",
        {"grafana.prometheus_url": ABSENT},
        "retention.aggregated_metrics_days: has nothing to keep: without grafana.prometheus_url Tempo makes no "
        "metrics (got 90; allowed nothing). Name the Prometheus, or remove it.",
        {"grafana.prometheus_url": ABSENT, "retention.aggregated_metrics_days": ABSENT},
    ),
    Case(
        retention.the_thin_sample_is_part_of_the_baseline,
        "prod",
        {"sampling.long_term_baseline_percentage": 10.5},
        "sampling.long_term_baseline_percentage: is more than sampling.baseline_percentage, of which it is a part "
        "(got 10.5; allowed at most 10). Lower it, or raise the baseline.",
        {"sampling.long_term_baseline_percentage": 10.0},
    ),
)
