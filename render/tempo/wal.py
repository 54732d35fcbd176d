"""Write-ahead logs of the processes that write blocks, and the ages of spans that a block may state."""

from render.text import Config

# Tempo states a block's time range from its spans, but takes the time of arrival for a span further from it than
# this (its default: two minutes), and a search by the span's own time then skips the block for good. So it covers
# what a queue may have held: a night and the working day after it. It must stay below two days, the least
# `retention.bucket_expiry_margin_days`: a client whose clock is fast delays the deletion of its block by as much.
_LATEST = "36h"


def wal(folder: str) -> Config:
    """Return the section of a write-ahead log."""
    return {"path": folder, "ingestion_time_range_slack": _LATEST}
