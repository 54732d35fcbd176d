"""Traces are kept as long as the environment promises, and no longer."""

import re
from collections.abc import Iterator

from pydantic import Field

from policies.resources import Stack
from policies.retention import Kept, kept, tenants_sent_to
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.tempo_config import EVERY_OTHER_TENANT
from policies.tempos import tempos
from policies.units import shown_hours


class Retentions(Bounds):
    """Hours that traces may be kept, for each tier."""

    min_hours: float = Field(1, gt=0, description="Hours that the detailed tier has to be kept at least.")
    max_hours: float = Field(720, gt=0, description="Hours that the detailed tier may be kept at most.")
    min_long_term_hours: float = Field(
        1, gt=0, description="Hours that the long-term tier has to be kept at least."
    )
    max_long_term_hours: float = Field(
        8760, gt=0, description="Hours that the long-term tier may be kept at most."
    )
    long_term_tenants: str = Field(
        "-long-term$", description="A regular expression that matches the names of the long-term tier's tenants."
    )


def check(stack: Stack, bounds: Retentions) -> Iterator[Violation]:
    """Yield each tenant whose retention is out of its tier's bounds, whatever part of Tempo's files decides it."""
    routed = tenants_sent_to(stack)
    for tempo in tempos(stack):
        for one in kept(tempo, routed):
            low, high = _bounds_of(one, bounds)
            if not low * 3600 <= one.seconds <= high * 3600:
                yield Violation(
                    one.config_map,
                    f"Traces of {_whose(one)} are kept for {shown_hours(one.seconds)} ({one.said_by}); "
                    f"{low:g} to {high:g} h are allowed.",
                )


def _bounds_of(one: Kept, bounds: Retentions) -> tuple[float, float]:
    if one.tenant == EVERY_OTHER_TENANT:  # of either tier
        low = min(bounds.min_hours, bounds.min_long_term_hours)
        return low, max(bounds.max_hours, bounds.max_long_term_hours)
    if re.search(bounds.long_term_tenants, one.tenant):
        return bounds.min_long_term_hours, bounds.max_long_term_hours
    return bounds.min_hours, bounds.max_hours


def _whose(one: Kept) -> str:
    return "every other tenant" if one.tenant == EVERY_OTHER_TENANT else f"tenant {one.tenant}"


RULE = StackRule(
    name="retention-stays-within-bounds",
    promise="The traces of each tenant are kept at least and at most as long as the environment allows.",
    severity=Severity.CRITICAL,
    to_do="Correct retention.detailed_hours or retention.long_term_hours; a tenant without a retention gets "
    "that of all others.",
    bounds=Retentions,
    check=check,
)
