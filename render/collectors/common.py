"""What both collectors have in common: receivers, health, own metrics, memory, disk queue."""

from plan.gateway import LIMITER_LIMIT_PERCENTAGE, LIMITER_SPIKE_PERCENTAGE
from render.names import (
    COLLECTOR_HEALTH_PORT,
    COLLECTOR_METRICS_PORT,
    COLLECTOR_QUEUE_FOLDER,
    OTLP_GRPC_PORT,
    OTLP_HTTP_PORT,
)
from render.text import Config

# A batch that cannot be delivered is tried for as long as the queue has room for what comes behind it:
# giving up after the default five minutes would lose spans that are safely on disk.
RETRY_FOREVER: Config = {"enabled": True, "initial_interval": "1s", "max_interval": "30s", "max_elapsed_time": 0}
# Over gRPC the default is 4 MiB, and what is larger is refused for good. Over HTTP it is 20, and an agent passes
# on in one piece what it got as one, with the names of Pod, node and workload added to each resource.
_LARGEST_MESSAGE_MIB = 32
# The queue may fill this much of its volume; bbolt's free pages and the file system need the rest.
_QUEUE_SHARE_OF_VOLUME = 0.7


def otlp_receiver() -> Config:
    """Return the OTLP receiver for both transports, on every address of the Pod."""
    return {
        "protocols": {
            "grpc": {
                "endpoint": f"0.0.0.0:{OTLP_GRPC_PORT}",
                "max_recv_msg_size_mib": _LARGEST_MESSAGE_MIB,
            },
            "http": {"endpoint": f"0.0.0.0:{OTLP_HTTP_PORT}"},
        }
    }


def extensions() -> Config:
    """Return the probe endpoint and the disk below the queue."""
    return {
        "health_check": {"endpoint": f"0.0.0.0:{COLLECTOR_HEALTH_PORT}"},
        "file_storage": {
            "directory": COLLECTOR_QUEUE_FOLDER,
            "create_directory": True,
            # Gives disk back after an outage was worked off; without it the file never shrinks.
            "compaction": {"on_rebound": True, "directory": COLLECTOR_QUEUE_FOLDER},
        },
    }


def memory_limiter() -> Config:
    """Return the processor that refuses spans before the kernel kills the process; first in every pipeline."""
    return {
        "check_interval": "1s",
        "limit_percentage": LIMITER_LIMIT_PERCENTAGE,
        "spike_limit_percentage": LIMITER_SPIKE_PERCENTAGE,
    }


def disk_queue(volume_bytes: int, queues: int = 1) -> Config:
    """Return one of several sending queues that together fill their share of a volume, then refuse more.

    All get the same: a tenant's traffic is not known, and in an incident, when queues fill, most of what is
    kept has failed and goes to both tiers alike.
    """
    return {
        "enabled": True,
        "storage": "file_storage",
        "sizer": "bytes",
        "queue_size": int(volume_bytes * _QUEUE_SHARE_OF_VOLUME / queues),
    }


def telemetry() -> Config:
    """Return the collector's own logs and metrics.

    Every naming switch is written out: their defaults changed in 0.119 and again in 0.152, and alerts
    and dashboards match on the names. With these, counters end in `_total` and units are in the names.
    """
    prometheus = {
        "host": "0.0.0.0",  # noqa: S104 - a Pod's own address space
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
    """Double every `$`: the collector expands `$NAME` and `${...}` in its configuration."""
    return text.replace("$", "$$")
