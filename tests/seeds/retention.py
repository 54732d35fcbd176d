"""Traces that are deleted too early or too late."""

from tests.seeds.seed import Seed, drop, in_yaml, put

_LIMITS = "data/overrides.yaml"

SEEDS = (
    Seed(
        name="the detailed tier is kept for a day",
        rule="retention-stays-within-bounds",
        resource="tempo-overrides",
        says="Traces of tenant argocd are kept for 24 h",
        settings={"retention.detailed_hours": 24},
    ),
    Seed(
        name="the long-term tier is kept for a year",
        rule="retention-stays-within-bounds",
        resource="tempo-overrides",
        says="Traces of tenant shared-long-term are kept for 8760 h",
        settings={
            "retention.long_term_hours": 8760,
            "retention.aggregated_metrics_days": 400,
            "tempo.search_window_hours": 8760,
        },
    ),
    Seed(
        name="one tenant's traces are deleted after an hour",
        rule="retention-stays-within-bounds",
        resource="tempo-overrides",
        says="Traces of tenant backstage are kept for 1 h (tenant backstage in overrides.yaml)",
        edits={"tempo-overrides": in_yaml(_LIMITS, put("overrides.backstage.compaction.block_retention", "1h"))},
    ),
    Seed(
        name="a tenant has no retention of its own",
        rule="retention-stays-within-bounds",
        resource="tempo-overrides",
        says="Traces of tenant shared are kept for 720 h (tenant * in overrides.yaml)",
        edits={"tempo-overrides": in_yaml(_LIMITS, drop("overrides.shared"))},
    ),
    Seed(
        name="the bucket deletes before Tempo does",
        rule="retention-ends-in-the-bucket",
        resource="store-traces-lifecycle",
        says="Rule backstop-argocd deletes traces of tenant argocd after 3 days",
        edits={"store-traces-lifecycle": put("rules.0.expiration.days", 3)},
    ),
    Seed(
        name="the bucket never deletes what Tempo lost",
        rule="retention-ends-in-the-bucket",
        resource="store-traces-lifecycle",
        says="of tenant shared-long-term stays in the bucket for ever",
        stack="staging",
        edits={"store-traces-lifecycle": drop("rules.7")},
    ),
    Seed(
        name="the bucket of the dojo deletes before Tempo does",
        rule="retention-ends-in-the-bucket",
        resource="store-setup-files",
        says="deletes traces of tenant single-tenant after 1 days",
        stack="dojo",
        edits={"store-setup-files": in_yaml("data/lifecycle.json", put("Rules.0.Expiration.Days", 1))},
    ),
)
