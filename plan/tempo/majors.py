"""What differs between the majors of Tempo, in one place.

Until 2.10 ingesters take spans from the distributors, answer for recent traces and write blocks; compactors merge
and delete blocks. 3.0 removed both (its changelog: #6504, #6273) and refuses their settings at start. There a
distributor writes to Kafka; live stores read it and answer for recent traces; block builders read it and write
blocks; one backend scheduler hands the work on blocks to backend workers. A 3.x monolith has all of them but
Kafka and the block builder in one process: its live store writes the blocks.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from settings.tempo import Tempo

INGESTER = "ingester"
COMPACTOR = "compactor"
LIVE_STORE = "live-store"
BLOCK_BUILDER = "block-builder"
BACKEND_SCHEDULER = "backend-scheduler"
BACKEND_WORKER = "backend-worker"
# Neither major's own: these are in both.
DISTRIBUTOR = "distributor"
QUERIER = "querier"
QUERY_FRONTEND = "query-frontend"
METRICS_GENERATOR = "metrics-generator"


@dataclass(frozen=True, kw_only=True)
class TempoMajor:
    """Names of one major.

    `recent` is the process that answers for traces that are not in the bucket yet; there are
    `tempo.ingesters` of it. `compaction` are the paths of the settings that hold the blocks' retention.
    `local_blocks` says that metrics generators can write blocks: that is not used here, but it wants a folder,
    and a generator lists the bucket at its start.
    """

    recent: str
    compaction: tuple[tuple[str, ...], ...]
    local_blocks: bool


MAJORS: Mapping[int, TempoMajor] = {
    2: TempoMajor(
        recent=INGESTER,
        compaction=(("compactor", "compaction"),),
        local_blocks=True,
    ),
    3: TempoMajor(
        recent=LIVE_STORE,
        # The worker's is the one that deletes; Tempo's own examples set the scheduler's to the same.
        compaction=(
            ("backend_worker", "compaction"),
            ("backend_scheduler", "provider", "compaction", "compaction"),
        ),
        # Removed in 3.0 (#6555).
        local_blocks=False,
    ),
}


def tempo_major(tempo: Tempo) -> TempoMajor:
    """Return the names of a version's major; the settings' checks let through none that is not here."""
    return MAJORS[tempo.major]


def ingesters_write(tempo: Tempo) -> bool:
    """Whether the processes that hold recent traces are the ones that flush blocks, a copy each."""
    return tempo_major(tempo).recent == INGESTER
