"""Sections that only Tempo 3.x has: live stores, block builders, the Kafka before them, backend workers."""

from plan.plan import Plan
from plan.tempo.majors import BACKEND_SCHEDULER, MAJORS
from plan.tempo.timing import TimingPlan
from render.names import TEMPO_DATA_FOLDER, TEMPO_GRPC_PORT, service_host, tempo_component
from render.tempo.retention import retention
from render.tempo.rings import ring, ring_store
from render.tempo.wal import wal
from render.text import Config
from render.tls import tempo_client_tls
from settings.stack import StackSettings


def sections_of_v3(settings: StackSettings, plan: Plan) -> Config:
    """Return the sections of live stores, block builders, backend workers and query frontends."""
    sections: Config = {
        "live_store": _live_store(settings, plan.timing),
        **_backend_work(settings, plan.timing),
        **_clients(settings),
        "query_frontend": _query_frontend(plan.timing),
    }
    kafka = settings.tempo.kafka
    if kafka:
        # Whoever creates the topic decides the number of its partitions; Tempo would create a thousand.
        topic = {"address": kafka.address, "topic": kafka.topic, "auto_create_topic_enabled": False}
        sections |= {"ingest": {"kafka": topic}, "block_builder": _block_builder(plan.timing)}
    return sections


def _clients(settings: StackSettings) -> Config:
    """Return the clients of live stores and of the scheduler; with plaintext Tempo's defaults suffice."""
    tls = tempo_client_tls(settings)
    return {"live_store_client": tls, "backend_scheduler_client": tls} if tls else {}


def _live_store(settings: StackSettings, timing: TimingPlan) -> Config:
    tempo = settings.tempo
    folder = f"{TEMPO_DATA_FOLDER}/live-store"
    section: Config = {
        "ring": ring(settings),
        "partition_ring": ring_store(settings),
        "wal": wal(f"{folder}/traces"),
        "shutdown_marker_dir": f"{folder}/shutdown-marker",
        "max_trace_idle": f"{tempo.trace_idle_seconds}s",
        "max_trace_live": f"{timing.trace_live_seconds}s",
        # Traces become searchable when this check finds them idle, so check as often.
        "flush_check_period": f"{tempo.trace_idle_seconds}s",
        "complete_block_timeout": f"{timing.unseen_seconds}s",
    }
    if tempo.deployment_mode == "monolithic":
        # In a monolith the live store writes the blocks to the bucket.
        section["max_block_duration"] = f"{timing.flush_seconds}s"
    else:
        # After a restart a live store answers only once it has caught up; the other zone answers until then.
        section["readiness_target_lag"] = "5s"
    return section


def _block_builder(timing: TimingPlan) -> Config:
    return {
        "consume_cycle_duration": f"{timing.flush_seconds}s",
        # Each builder consumes the partition of its own number: there are as many as live stores in a zone.
        "partitions_per_instance": 1,
        "wal": wal(f"{TEMPO_DATA_FOLDER}/block-builder/traces"),
    }


def _backend_work(settings: StackSettings, timing: TimingPlan) -> Config:
    """Return retention; in microservices mode also the scheduler's address and the ring of the workers.

    The workers share the tenants' indexes by the ring.
    """
    sections = retention(settings, MAJORS[3])
    sections["backend_scheduler"] |= {
        "local_work_path": TEMPO_DATA_FOLDER,
        "work": {"prune_age": f"{timing.job_memory_seconds}s"},
    }
    if settings.tempo.deployment_mode == "microservices":
        scheduler = service_host(tempo_component(BACKEND_SCHEDULER), settings.environment.namespace)
        sections["backend_worker"] |= {
            "backend_scheduler_addr": f"{scheduler}:{TEMPO_GRPC_PORT}",
            "ring": ring(settings),
        }
    return sections


def _query_frontend(timing: TimingPlan) -> Config:
    """Return the limits of searches and of TraceQL metrics, which both read the same blocks."""
    limits = {"max_duration": f"{timing.longest_query_hours}h", "query_backend_after": f"{timing.recent_seconds}s"}
    return {"search": limits, "metrics": dict(limits)}
