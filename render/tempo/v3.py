"""What only Tempo 3.x has: live stores, block builders, Kafka between them and the distributors, backend work."""

from plan.plan import Plan
from plan.tempo.majors import BACKEND_SCHEDULER, MAJORS
from render.names import TEMPO_DATA_FOLDER, TEMPO_GRPC_PORT, service_host, tempo_component
from render.tempo.retention import retention, work_seconds
from render.tempo.rings import ring
from render.text import Config
from settings.stack import StackSettings
from settings.tempo import Tempo

# Tempo's default of a block builder's cycle; it alerts on partitions that lag by two thirds of it.
_LONGEST_FLUSH_SECONDS = 300
# Tempo's manual: recent data must stay with the live stores for two polls, or searches have a gap.
_POLLS_UNTIL_SEEN = 2
# Tempo's default; a trace may not be idle for longer than it may live.
_TRACE_LIVE_SECONDS = 30


def sections_of_v3(settings: StackSettings, plan: Plan) -> Config:
    """Return the sections of what takes spans, builds and maintains blocks, and splits searches between them."""
    recent = recent_seconds(settings, plan)
    sections: Config = {
        "live_store": _live_store(settings, recent),
        **_backend_work(settings),
        "query_frontend": _query_frontend(settings, recent),
    }
    kafka = settings.tempo.kafka
    if kafka:
        # How many partitions the topic has is decided where it is made; Tempo would make a thousand.
        topic = {"address": kafka.address, "topic": kafka.topic, "auto_create_topic_enabled": False}
        sections |= {"ingest": {"kafka": topic}, "block_builder": _block_builder(settings.tempo)}
    return sections


def flush_seconds(tempo: Tempo) -> int:
    """Return after how long a span is in a block in the bucket.

    At most five minutes: in 3.x searches have a single boundary, before which only the bucket is asked, so it
    must come later than the flush. A 2.x ingester may take longer, because it is still asked beyond it.
    """
    return min(_LONGEST_FLUSH_SECONDS, tempo.max_block_duration_seconds)


def recent_seconds(settings: StackSettings, plan: Plan) -> int:
    """Return the age at which the bucket is asked in place of the live stores.

    A flush and two polls, at least Tempo's default.
    """
    seen = flush_seconds(settings.tempo) + _POLLS_UNTIL_SEEN * settings.tempo.blocklist_poll_seconds
    return max(plan.storage.recent_seconds, seen)


def _live_store(settings: StackSettings, recent: int) -> Config:
    tempo = settings.tempo
    folder = f"{TEMPO_DATA_FOLDER}/live-store"
    section: Config = {
        "ring": ring(settings),
        "partition_ring": ring(settings),
        "wal": {"path": f"{folder}/traces"},
        "shutdown_marker_dir": f"{folder}/shutdown-marker",
        "max_trace_idle": f"{tempo.trace_idle_seconds}s",
        "max_trace_live": f"{max(_TRACE_LIVE_SECONDS, tempo.trace_idle_seconds)}s",
        # Idle traces become searchable when they are found to be idle, so look as often.
        "flush_check_period": f"{tempo.trace_idle_seconds}s",
        "complete_block_timeout": f"{recent + flush_seconds(tempo)}s",
    }
    if tempo.deployment_mode == "monolithic":
        # Here it is the live store that writes blocks to the bucket.
        section["max_block_duration"] = f"{flush_seconds(tempo)}s"
    else:
        # After a restart it answers only when it has read what it missed; the other zone answers until then.
        section["readiness_target_lag"] = "5s"
    return section


def _block_builder(tempo: Tempo) -> Config:
    return {
        "consume_cycle_duration": f"{flush_seconds(tempo)}s",
        # One partition each, the one of its own number: there are as many as live stores of a zone.
        "partitions_per_instance": 1,
        "wal": {"path": f"{TEMPO_DATA_FOLDER}/block-builder/traces"},
    }


def _backend_work(settings: StackSettings) -> Config:
    """Return retention, and in microservices where workers find the scheduler and share the tenants' indexes."""
    sections = retention(settings, MAJORS[3])
    sections["backend_scheduler"] |= {
        "local_work_path": TEMPO_DATA_FOLDER,
        "work": {"prune_age": f"{work_seconds(settings.tempo)}s"},
    }
    if settings.tempo.deployment_mode == "microservices":
        scheduler = service_host(tempo_component(BACKEND_SCHEDULER), settings.environment.namespace)
        sections["backend_worker"] |= {
            "backend_scheduler_addr": f"{scheduler}:{TEMPO_GRPC_PORT}",
            "ring": ring(settings),
        }
    return sections


def _query_frontend(settings: StackSettings, recent: int) -> Config:
    return {
        "search": {
            "max_duration": f"{settings.tempo.search_window_hours}h",
            "query_backend_after": f"{recent}s",
        },
        "metrics": {"query_backend_after": f"{recent}s"},
    }
