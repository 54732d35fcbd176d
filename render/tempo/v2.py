"""Sections that only Tempo 2.x has: ingesters and compactors."""

from plan.plan import Plan
from plan.tempo.majors import MAJORS
from plan.tempo.timing import DEFAULT_JOB_MEMORY_SECONDS, TimingPlan
from render.tempo.retention import retention
from render.tempo.rings import MEMBER_ADDRESS, ring, ring_store
from render.text import Config
from render.tls import tempo_client_tls
from settings.stack import StackSettings


def sections_of_v2(settings: StackSettings, plan: Plan) -> Config:
    """Return the sections of ingesters, compactors and query frontends."""
    return {
        "ingester": _ingester(settings, plan),
        **_compactor(settings, plan),
        **_clients(settings),
        "query_frontend": {"search": _search(plan.timing), **_metrics(settings, plan.timing)},
    }


def _clients(settings: StackSettings) -> Config:
    """Return the clients of ingesters and metrics generators; with plaintext Tempo's defaults suffice."""
    tls = tempo_client_tls(settings)
    return {"ingester_client": tls, "metrics_generator_client": tls} if tls else {}


def _ingester(settings: StackSettings, plan: Plan) -> Config:
    tempo = settings.tempo
    lifecycler: Config = {
        "ring": ring_store(settings) | {"replication_factor": tempo.replication_factor},
        "address": MEMBER_ADDRESS,
    }
    if tempo.deployment_mode == "monolithic":
        # Ready at once: there is no other ingester that must learn of this one.
        lifecycler["min_ready_duration"] = "0s"
    return {
        "trace_idle_period": f"{tempo.trace_idle_seconds}s",
        # Traces become searchable when this check finds them idle, so check as often.
        "flush_check_period": f"{tempo.trace_idle_seconds}s",
        "max_block_duration": f"{plan.timing.flush_seconds}s",
        # Queriers query the ingester for as long as they may not know the block in the bucket.
        "complete_block_timeout": f"{plan.timing.recent_seconds}s",
        "lifecycler": lifecycler,
    }


def _compactor(settings: StackSettings, plan: Plan) -> Config:
    """Return retention, and a ring only in microservices mode, where several compactors share the work.

    With a ring a lone compactor would wait a minute for others, and Tempo is not ready until then.
    """
    section = retention(settings, MAJORS[2])
    if settings.tempo.deployment_mode == "microservices":
        section["compactor"]["ring"] = ring(settings)
    if plan.timing.job_memory_seconds > DEFAULT_JOB_MEMORY_SECONDS:
        # No scheduler runs in 2.x, but 2.10 still checks this value against the poll at start.
        section["backend_scheduler"] = {"work": {"prune_age": f"{plan.timing.job_memory_seconds}s"}}
    return section


def _search(timing: TimingPlan) -> Config:
    """Return the search limits: queriers query ingesters for all data that their known blocks may lack."""
    return {
        "max_duration": f"{timing.longest_query_hours}h",
        "query_backend_after": f"{timing.recent_seconds}s",
        "query_ingesters_until": f"{timing.unseen_seconds}s",
    }


def _metrics(settings: StackSettings, timing: TimingPlan) -> Config:
    """Return the limits of TraceQL metrics: metrics generators answer until the bucket has their blocks."""
    if not settings.tempo.generators_write_blocks:
        return {}
    return {
        "metrics": {
            "max_duration": f"{timing.longest_query_hours}h",
            "query_backend_after": f"{timing.metrics_recent_seconds}s",
        }
    }
