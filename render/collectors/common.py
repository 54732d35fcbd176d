"""Parts of both collectors: receivers, probes, own metrics, memory limiter, queue on disk."""

from plan.delivery import COMPACTION_TRIGGER_MIB, DiskQueue
from plan.memory_limiter import LIMITER_LIMIT_PERCENTAGE, LIMITER_SPIKE_PERCENTAGE
from plan.units import MIB
from render.names import (
    COLLECTOR_HEALTH_PORT,
    COLLECTOR_METRICS_PORT,
    COLLECTOR_QUEUE_FOLDER,
    OTLP_GRPC_PORT,
    OTLP_HTTP_PORT,
    every_address,
)
from render.text import Config

# Retry a batch for as long as the queue has room for the batches after it: giving up after the default five
# minutes would lose spans that are safely on disk. Pauses double, from a second to half a minute, and each varies
# by half, so that agents do not return together. Both factors are explicit, because `load_balancing` has no
# defaults for them: there an unset multiplier is 0, and every pause is as short as the first
# (`createDefaultConfig` in its factory.go).
RETRY_FOREVER: Config = {
    "enabled": True,
    "initial_interval": "1s",
    "multiplier": 2,
    "randomization_factor": 0.5,
    "max_interval": "30s",
    "max_elapsed_time": 0,
}
# File size from which compaction frees disk: below it there is little to free, so a file may stay that large.
COMPACTED_FROM_MIB = 32


def otlp_receiver(max_message_mib: int, tls: Config) -> Config:
    """Return the OTLP receiver for gRPC and HTTP, on every address of the Pod; larger requests are refused.

    `tls` comes from `render.tls`.
    """
    return {
        "protocols": {
            "grpc": {
                "endpoint": every_address(OTLP_GRPC_PORT),
                "max_recv_msg_size_mib": max_message_mib,
                **tls,
            },
            "http": {
                "endpoint": every_address(OTLP_HTTP_PORT),
                "max_request_body_size": max_message_mib * MIB,
                **tls,
            },
        }
    }


def extensions(queue: DiskQueue, *, flushed: bool) -> Config:
    """Return the probe endpoint and the storage of the queues; each queue has a file of its own.

    Where each write is flushed, a power cut cannot damage a file. A request then takes 6 flushes on its way
    through its queue: 3 transactions, each with one for its pages and one for its header (`Commit` in bbolt 1.5's
    tx.go; strace counted 600 for 100 requests).
    """
    return {
        "health_check": {"endpoint": every_address(COLLECTOR_HEALTH_PORT)},
        "file_storage": {
            "directory": COLLECTOR_QUEUE_FOLDER,
            "create_directory": True,
            # A last resort, so that no file grows beyond its share of the volume: the queue refuses first.
            "max_size": queue.file_bytes,
            # Sets aside a file whose pages contradict each other; worse damage ends the collector (docs/loss.md).
            "recreate": True,
            "fsync": flushed,
            # Frees disk space after an outage, when the queue has drained; otherwise the file never shrinks.
            "compaction": {
                "on_rebound": True,
                "directory": COLLECTOR_QUEUE_FOLDER,
                "rebound_needed_threshold_mib": COMPACTED_FROM_MIB,
                "rebound_trigger_threshold_mib": COMPACTION_TRIGGER_MIB,
                # A collector that was killed while it compacted leaves the copy on the volume.
                "cleanup_on_start": True,
            },
        },
    }


def memory_limiter() -> Config:
    """Return the processor that refuses spans before the kernel kills the process.

    It is the first one in every pipeline that receives from outside.
    """
    return {
        "check_interval": "1s",
        "limit_percentage": LIMITER_LIMIT_PERCENTAGE,
        "spike_limit_percentage": LIMITER_SPIKE_PERCENTAGE,
    }


def disk_queue(queue: DiskQueue) -> Config:
    """Return a sending queue on disk, which refuses more when it is full."""
    return {"enabled": True, "storage": "file_storage", "sizer": "bytes", "queue_size": queue.queue_bytes}


def telemetry() -> Config:
    """Return the collector's own logs and metrics.

    Every naming switch is explicit: their defaults changed in 0.119 and again in 0.152, and alerts and dashboards
    match on the names. With these switches counters end in `_total` and names include units.
    """
    prometheus = {
        # Every address of the Pod, as `every_address` explains.
        "host": "",
        "port": COLLECTOR_METRICS_PORT,
        "without_type_suffix": False,
        "without_units": False,
        "without_scope_info": True,
    }
    return {
        "logs": {"encoding": "json"},
        "metrics": {"level": "normal", "readers": [{"pull": {"exporter": {"prometheus": prometheus}}}]},
    }


def literal(text: str) -> str:
    """Return a text with every `$` doubled: the collector expands `$NAME` and `${...}` in its configuration."""
    return text.replace("$", "$$")
