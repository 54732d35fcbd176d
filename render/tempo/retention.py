"""Where each major of Tempo has the retention of blocks."""

from plan.tempo.majors import TempoMajor
from render.text import Config
from settings.stack import StackSettings
from settings.tempo import Tempo

# Tempo's default of how long its scheduler remembers done work; it must be more than two polls, or the work is
# handed out again.
WORK_SECONDS = 3600
_POLLS_REMEMBERED = 3


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


def work_seconds(tempo: Tempo) -> int:
    """Return how long done work on blocks is remembered: for three polls, at least for Tempo's default."""
    return max(WORK_SECONDS, _POLLS_REMEMBERED * tempo.blocklist_poll_seconds)
