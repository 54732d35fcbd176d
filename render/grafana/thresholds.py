"""Limits that panels and alerts share, each with its reason: what a panel draws red is what an alert fires on."""

from typing import Final

# A queue that is this full loses spans when whatever fills it goes on; the rest is the time to react.
QUEUE_FULL_RATIO: Final = 0.8
# Of one agent: with healthy gateways, the few requests under way, each of some 100 kB.
QUEUED_BYTES: Final = 1 << 20
# The container is killed at 1; Go's collector works hardest from here on.
MEMORY_NEAR_LIMIT_RATIO: Final = 0.9
# Of what the plan keeps in memory; above it traces are soon given up undecided.
TRACES_IN_FLIGHT_RATIO: Final = 0.8
# The sampler decides once a second, so a decision that takes longer delays all the following ones.
DECISION_LATENCY_MS: Final = 1000
# How far the kept share may leave the plan's band: random samples and the mix of traces vary.
KEPT_SHARE_TOLERANCE: Final = 0.2
# Below this many traces a second a share is chance.
KEPT_SHARE_MIN_TRACES_PER_SECOND: Final = 1
# Of a tenant's spans; single oversized traces stay below it.
DISCARDED_RATIO: Final = 0.01
# The decision record's figure for failed ingestion.
DISCARDED_PER_SECOND: Final = 100
# Of a tenant's rate limit: time to raise it before Tempo delays spans.
INGEST_LIMIT_RATIO: Final = 0.8
# The decision record's figure for slow queries, at the 95th percentile.
QUERY_LATENCY_SECONDS: Final = 10
# Of requests: single failures are retried by their senders.
FAILED_REQUESTS_RATIO: Final = 0.05
# Of a tenant's series limit.
SERIES_LIMIT_RATIO: Final = 0.9
# Tempo's own alerts use it: beyond it the service map misses edges that people look for.
SERVICE_GRAPH_DROPPED_RATIO: Final = 0.005
# Blocks that wait for each compacting process; Tempo's own alert uses it.
OUTSTANDING_BLOCKS: Final = 100
# How far the bucket may exceed the plan, whose figures are averages.
STORED_OVER_PLAN_RATIO: Final = 1.2
# A certificate is renewed 30 days before it expires; nine days of failed renewals are no coincidence.
CERTIFICATE_DAYS: Final = 21
# Queues use at most 95 % of a volume by design, and a log of Tempo's is bounded.
VOLUME_FREE_RATIO: Final = 0.03
# Tempo's own alert on a partition that falls behind: beyond it recent traces are missing from answers.
PARTITION_LAG_SECONDS: Final = 300
# One failed request in a hundred is more than most services' error budget (99.9 %) bears for a day, and one in
# twenty is what a user notices at once.
FAILED_SHARE_WARNING: Final = 0.01
FAILED_SHARE_CRITICAL: Final = 0.05
# What is left of an error budget when a fast burn (14.4 times too fast) would spend it within half a day.
BUDGET_NEARLY_SPENT_RATIO: Final = 0.25
# Bands of the DORA research: a day is high performance, a week is medium.
LEAD_TIME_HOURS: Final = 24.0
LEAD_TIME_CRITICAL_HOURS: Final = 168.0
# Recovery within a day is high performance, within a week medium.
RECOVERY_HOURS: Final = 24.0
RECOVERY_CRITICAL_HOURS: Final = 168.0
# A team that fails in one of five changes is at the edge of high performance; in a third, low.
CHANGE_FAILURE_RATIO: Final = 0.2
CHANGE_FAILURE_CRITICAL_RATIO: Final = 0.33
# The platform's own aim is 10 %; twice that is more repair than a team notices.
REWORK_RATIO: Final = 0.1
REWORK_CRITICAL_RATIO: Final = 0.2
# The check looks for an older trace once an hour; twice may fail while Tempo restarts.
STORED_TRACE_SECONDS: Final = 3 * 3600
# Tempo's clock is read to a second; NTP keeps nodes far closer than this.
CLOCK_SKEW_SECONDS: Final = 10
