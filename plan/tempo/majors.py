"""Differences between Tempo's major versions.

Until 2.10 ingesters receive spans from the distributors, answer queries for recent traces and write blocks;
compactors merge and delete blocks. 3.0 removed both (its changelog: #6504, #6273) and refuses their settings at
start. In 3.x distributors write to Kafka; live stores read it and answer queries for recent traces; block builders
read it and write blocks; one backend scheduler assigns jobs on blocks to backend workers. A 3.x monolith runs all
of them in one process, without Kafka and block builder: its live store writes the blocks.
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
# Both majors have these.
DISTRIBUTOR = "distributor"
QUERIER = "querier"
QUERY_FRONTEND = "query-frontend"
METRICS_GENERATOR = "metrics-generator"
# These join no ring and never open the gossip port (their dependencies in Tempo's cmd/tempo/app/modules.go).
NOT_IN_THE_RING = frozenset({QUERY_FRONTEND, BACKEND_SCHEDULER})


@dataclass(frozen=True, kw_only=True)
class TempoMajor:
    """Names of one major.

    - `recent`: the component that answers for traces not yet in the bucket; it has `tempo.ingesters` replicas.
    - `compaction`: the paths of the sections that hold the retention of blocks.
    - `local_blocks`: metrics generators can write blocks, so they require a folder and list the bucket at start.
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
        # The worker deletes by its own value; Tempo's examples set the scheduler's to the same.
        compaction=(
            ("backend_worker", "compaction"),
            ("backend_scheduler", "provider", "compaction", "compaction"),
        ),
        # Removed in 3.0 (#6555).
        local_blocks=False,
    ),
}


def tempo_major(tempo: Tempo) -> TempoMajor:
    """Return the names of a version's major; the settings' checks refuse every major that is not listed here."""
    return MAJORS[tempo.major]


def ingesters_write(tempo: Tempo) -> bool:
    """Return whether the processes that hold recent traces also flush blocks, one copy each."""
    return tempo_major(tempo).recent == INGESTER
