"""The synthetic check: traces of the stack's own, written and read back."""

from pydantic import Field

from settings.base import Section


class SyntheticCheck(Section):
    """A Pod that writes a trace by every way and reads it back as every tenant (docs/synthetic-check.md)."""

    enabled: bool = Field(
        default=True,
        description="Whether the check runs. Without it nothing says that a trace arrives: every other metric "
        "counts what one process did.",
    )
    interval_seconds: int = Field(
        default=60,
        ge=10,
        le=3600,
        description="Time between two traces of each way. Each is of two spans, and is read twice for each tenant "
        "and tier.",
    )
