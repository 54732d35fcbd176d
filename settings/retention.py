"""Retention of traces and metrics."""

from pydantic import Field

from settings.base import Section

# A year.
LONGEST_RETENTION_HOURS = 8760


class Retention(Section):
    """The three tiers of the decision record; a tier without a retention does not exist."""

    detailed_hours: int = Field(
        ge=1,
        le=LONGEST_RETENTION_HOURS,
        description="How long every kept trace stays queryable (Tempo's block retention).",
    )
    long_term_hours: int | None = Field(
        default=None,
        ge=1,
        le=LONGEST_RETENTION_HOURS,
        description="How long errors and a low-rate sample stay queryable, in a second tenant for each tenant.",
    )
    aggregated_metrics_days: int | None = Field(
        default=None,
        ge=1,
        le=730,
        description="How long Prometheus keeps the span metrics; recorded here for the cross-checks only.",
    )
    compacted_block_hours: int = Field(
        default=1,
        ge=1,
        le=168,
        description="How long the inputs of a compacted block stay for running queries (Tempo's default).",
    )
    bucket_expiry_margin_days: int = Field(
        default=7,
        ge=2,
        le=90,
        description="How long after the longest retention the bucket's own expiry deletes: a backstop for objects "
        "that Tempo lost track of, which never deletes live blocks.",
    )

    @property
    def longest_hours(self) -> int:
        """Hours until the last trace of any tier is deleted."""
        return max(self.detailed_hours, self.long_term_hours or 0)
