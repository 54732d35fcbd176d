"""Retention of blocks, in the sections of each major version of Tempo."""

from plan.tempo.majors import TempoMajor
from render.text import Config
from settings.stack import StackSettings


def retention(settings: StackSettings, major: TempoMajor) -> Config:
    """Return the sections of a major that delete blocks, each with the detailed tier's retention."""
    sections: Config = {}
    for path in major.compaction:
        inner = sections
        for name in path:
            inner = inner.setdefault(name, {})
        inner["block_retention"] = f"{settings.retention.detailed_hours}h"
        inner["compacted_block_retention"] = f"{settings.retention.compacted_block_hours}h"
    return sections
