"""Cases of `settings/checks/traffic.py`."""

from settings.checks import traffic
from tests.unit.settings.cases import Case

CASES = (
    Case(
        traffic.the_decision_outlasts_the_senders_batch,
        "dojo",
        {"sampling.decision_wait_seconds": 4},
        "sampling.decision_wait_seconds: is shorter than the SDKs' batch interval, so traces would be decided "
        "before they are complete (got 4; allowed at least 5). Set it to 10 or more.",
        {"sampling.decision_wait_seconds": 5},
    ),
    Case(
        traffic.slow_traces_end_before_they_are_decided,
        "dojo",
        {"sampling.slow_threshold_ms": 10_000},
        "sampling.slow_threshold_ms: is not below sampling.decision_wait_seconds, so no trace is known to be slow "
        "when it is decided (got 10000; allowed less than 10000). Lower the threshold or lengthen the wait.",
        {"sampling.slow_threshold_ms": 9_999},
    ),
    Case(
        traffic.a_service_has_one_limit,
        "dojo",
        {"sampling.service_limits": [{"service": "shop", "kept_spans_per_second": rate} for rate in (1, 2)]},
        'sampling.service_limits: has 2 limits for one service (got "shop"; allowed each service once). '
        "Remove all but one.",
        {"sampling.service_limits": [{"service": name, "kept_spans_per_second": 1} for name in ("a", "b")]},
    ),
    Case(
        traffic.the_average_is_below_the_peak,
        "dojo",
        {"load.average_spans_per_second": 2001},
        "load.average_spans_per_second: is above load.peak_spans_per_second (got 2001; allowed at most 2000). "
        "Correct whichever of the two is wrong.",
        {"load.average_spans_per_second": 2000},
    ),
    Case(
        traffic.kept_percentages_are_within_all_traces,
        "dojo",
        {"load.failed_percentage": 60.0, "load.slow_or_named_percentage": 40.5},
        "load.slow_or_named_percentage: is more than 100 % together with load.failed_percentage "
        "(got 40.5; allowed at most 40). Count a trace that is both failed and slow as failed only.",
        {"load.failed_percentage": 60.0, "load.slow_or_named_percentage": 40.0},
    ),
)
