"""The bucket deletes only what Tempo has lost track of, and that in time."""

from collections.abc import Iterator

from pydantic import Field

from policies.lifecycle import Expiry, Lifecycle, lifecycles
from policies.resources import Stack
from policies.retention import Kept, compacted_seconds, kept, tenants_sent_to
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.tempo_config import EVERY_OTHER_TENANT, store_of
from policies.tempos import Tempo, tempos

_DAY = 86_400


class Margins(Bounds):
    """Days between the end of a retention and the bucket's own deletion."""

    min_margin_days: float = Field(
        2,
        ge=1,
        description="Days that the bucket has to wait at least: S3 rounds up to midnight, and Tempo is late.",
    )
    max_margin_days: float = Field(
        30, description="Days after the longest retention of all that it may wait at most."
    )


def check(stack: Stack, bounds: Margins) -> Iterator[Violation]:
    """Yield each expiry that is too early or too late for a tenant below its prefix, and tenants with none."""
    routed = tenants_sent_to(stack)
    for tempo in tempos(stack):
        tenants = [one for one in kept(tempo, routed) if one.tenant != EVERY_OTHER_TENANT]
        found = list(lifecycles(stack, store_of(tempo.document)["bucket"].text("")))
        if not found:
            yield Violation(tempo.config_map, "The bucket of this Tempo has no lifecycle in the stack.")
        for lifecycle in found:
            yield from _judged(tempo, lifecycle, tenants, bounds)


def _judged(tempo: Tempo, lifecycle: Lifecycle, tenants: list[Kept], bounds: Margins) -> Iterator[Violation]:
    latest = max((one.seconds for one in tenants), default=0.0) / _DAY + bounds.max_margin_days
    for one in tenants:
        folder = _folder(tempo, one)
        earliest = (one.seconds + compacted_seconds(tempo)) / _DAY + bounds.min_margin_days
        for expiry in lifecycle.expiries:
            if _overlap(expiry, folder) and expiry.days < earliest:
                yield Violation(
                    lifecycle.resource,
                    f"Rule {expiry.name} deletes traces of tenant {one.tenant} after {expiry.days:g} days; "
                    f"Tempo needs them for {earliest:.1f} days, a margin included.",
                )
        whole = [expiry.days for expiry in lifecycle.expiries if _covers(expiry, folder)]
        if not whole or min(whole) > latest:
            stays = f"{min(whole):g} days" if whole else "ever"
            yield Violation(
                lifecycle.resource,
                f"What Tempo loses of tenant {one.tenant} stays in the bucket for {stays}; "
                f"{latest:.1f} days are allowed.",
            )


def _folder(tempo: Tempo, one: Kept) -> str:
    prefix = store_of(tempo.document)["prefix"].text("").strip("/")
    return f"{prefix}/{one.tenant}/".lstrip("/")


def _overlap(expiry: Expiry, folder: str) -> bool:
    return folder.startswith(expiry.prefix) or expiry.prefix.startswith(folder)


def _covers(expiry: Expiry, folder: str) -> bool:
    return folder.startswith(expiry.prefix) and not expiry.is_narrowed


RULE = StackRule(
    name="retention-ends-in-the-bucket",
    promise="The bucket deletes no trace before its tenant's retention is over, and keeps none for long after it.",
    severity=Severity.CRITICAL,
    to_do="Let a lifecycle rule for each tenant's prefix expire after the longest retention plus "
    "retention.bucket_expiry_margin_days.",
    controls=("AWS FSBP S3.13",),
    bounds=Margins,
    check=check,
)
