"""What only Tempo 2.x has: ingesters and compactors."""

from plan.plan import Plan
from plan.tempo.majors import MAJORS
from render.tempo.retention import WORK_SECONDS, retention, work_seconds
from render.tempo.rings import ring
from render.text import Config
from settings.stack import StackSettings


def sections_of_v2(settings: StackSettings, plan: Plan) -> Config:
    """Return the sections of what takes spans, maintains blocks and splits searches between the two."""
    return {
        "ingester": _ingester(settings, plan),
        **_compactor(settings),
        "query_frontend": {"search": _search(settings, plan)},
    }


def _ingester(settings: StackSettings, plan: Plan) -> Config:
    tempo = settings.tempo
    lifecycler: Config = {"ring": ring(settings) | {"replication_factor": tempo.replication_factor}}
    if tempo.deployment_mode == "monolithic":
        # No other ingester has to learn of this one before it counts as ready.
        lifecycler["min_ready_duration"] = "0s"
    return {
        "trace_idle_period": f"{tempo.trace_idle_seconds}s",
        # Idle traces become searchable when they are found to be idle, so look as often.
        "flush_check_period": f"{tempo.trace_idle_seconds}s",
        "max_block_duration": f"{tempo.max_block_duration_seconds}s",
        # Queriers look here for as long as they may not know the block from the bucket yet.
        "complete_block_timeout": f"{plan.storage.recent_seconds}s",
        "lifecycler": lifecycler,
    }


def _compactor(settings: StackSettings) -> Config:
    """Return retention, and a ring only where there are several compactors to share the work.

    With a ring a lone compactor would wait a minute for others, and Tempo is not ready until then.
    """
    section = retention(settings, MAJORS[2])
    if settings.tempo.deployment_mode == "microservices":
        section["compactor"]["ring"] = ring(settings)
    if (remembered := work_seconds(settings.tempo)) > WORK_SECONDS:
        # Nothing here uses it, but 2.10's check of its configuration holds it against the poll all the same.
        section["backend_scheduler"] = {"work": {"prune_age": f"{remembered}s"}}
    return section


def _search(settings: StackSettings, plan: Plan) -> Config:
    """Return the search limits.

    Ingesters are asked about all that may not be in a block of the bucket that queriers know: a span waits for
    its block to be cut, and then for the block to be found.
    """
    unseen_seconds = settings.tempo.max_block_duration_seconds + plan.storage.recent_seconds
    return {
        "max_duration": f"{settings.tempo.search_window_hours}h",
        "query_backend_after": f"{plan.storage.recent_seconds}s",
        "query_ingesters_until": f"{unseen_seconds}s",
    }
