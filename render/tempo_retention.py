"""Where each major of Tempo has the retention of blocks."""

from plan.tempo_majors import TempoMajor
from render.text import Config
from settings.stack import StackSettings


def retention(settings: StackSettings, major: TempoMajor) -> Config:
    """Return the sections of a major that delete blocks, with the detailed tier's retention in each."""
    sections: Config = {}
    for path in major.compaction:
        inner = sections
        for name in path:
            inner = inner.setdefault(name, {})
        inner["block_retention"] = f"{settings.retention.detailed_hours}h"
        inner["compacted_block_retention"] = f"{settings.retention.compacted_block_hours}h"
    return sections
