"""How long Tempo keeps blocks that no tenant's limits decide on, in the sections of each major version."""

from plan.tempo.majors import TempoMajor
from render.text import Config
from settings.retention import LONGEST_RETENTION_HOURS
from settings.stack import StackSettings


def retention(settings: StackSettings, major: TempoMajor) -> Config:
    """Return the sections of a major that delete blocks.

    `render.tempo.overrides` holds the retention of every tenant, which replaces this one. This one applies only if
    that file lacks its block of all tenants, and is then the longest that a stack may have: nothing is deleted
    early, and the bucket's own expiry still bounds it. Tempo's default would delete after 14 days, and 0 at once.
    """
    sections: Config = {}
    for path in major.compaction:
        inner = sections
        for name in path:
            inner = inner.setdefault(name, {})
        inner["block_retention"] = f"{LONGEST_RETENTION_HOURS}h"
        inner["compacted_block_retention"] = f"{settings.retention.compacted_block_hours}h"
    return sections
