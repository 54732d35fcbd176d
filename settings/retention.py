"""How long traces and metrics are kept."""

from pydantic import Field

from settings.base import Section


class Retention(Section):
    """The three tiers of the decision record; a tier that is not set does not exist."""

    detailed_hours: int = Field(
        ge=1, le=8760, description="Every kept trace stays queryable for this long (Tempo's block retention)."
    )
    long_term_hours: int | None = Field(
        default=None,
        ge=1,
        le=8760,
        description="Errors and a thin sample stay for this long, as a second tenant per tenant.",
    )
    aggregated_metrics_days: int | None = Field(
        default=None,
        ge=1,
        le=730,
        description="Span metrics stay for this long in Prometheus; recorded here for the cross-checks.",
    )
    compacted_block_hours: int = Field(
        default=1,
        ge=1,
        le=168,
        description="A compacted block's inputs stay this long for queries under way (Tempo's default).",
    )
    bucket_expiry_margin_days: int = Field(
        default=7,
        ge=2,
        le=90,
        description="The bucket's own expiry comes this much after the longest retention: a backstop for "
        "objects that Tempo lost track of, never the thing that deletes live blocks.",
    )

    @property
    def longest_hours(self) -> int:
        """Hours until the last trace of any tier is deleted."""
        return max(self.detailed_hours, self.long_term_hours or 0)
