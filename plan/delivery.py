"""Sizes on the way to Tempo: gRPC messages, requests and sending queues."""

from plan.tenants import tenant_count
from plan.units import GIB, MIB
from settings.stack import StackSettings

# Largest gRPC message that a collector accepts. The receiver's default is 4 MiB, and larger messages are rejected
# permanently. HTTP accepts 20 MiB, and an agent forwards a batch unsplit with the names of Pod, node and workload
# added to each resource, so gRPC must accept more.
COLLECTOR_MAX_MESSAGE_MIB = 32
# Largest OTLP message that Tempo accepts: as much as its processes accept from each other. The receiver's default
# is 4 MiB.
TEMPO_MAX_MESSAGE_MIB = 16
# Largest request that a gateway sends to Tempo: half of what Tempo accepts, and less than any tenant's burst,
# because Tempo rejects larger requests permanently. A span larger than this cannot be split and is dropped with
# the spans after it in its batch; no realistic span reaches 8 MiB.
MAX_REQUEST_BYTES = TEMPO_MAX_MESSAGE_MIB * MIB // 2
# Share of a volume that sending queues may fill; bbolt's free pages and the file system need the rest.
_QUEUE_SHARE_OF_VOLUME = 0.7


# Smallest sending queue: a persistent queue that is smaller than one request refuses it even while it is empty
# (`Offer` in the collector's exporterhelper/internal/queue/persistent_queue.go), and its spans are dropped.
MIN_QUEUE_BYTES = COLLECTOR_MAX_MESSAGE_MIB * MIB


def gateway_queue_bytes(settings: StackSettings) -> int:
    """Return the size of each of a gateway's sending queues.

    The queues are equal because the traffic of a tenant is not known. In an incident, when queues fill, most
    kept traces have failed and go to both tiers alike.
    """
    return queue_bytes(settings.collectors.gateway.queue_volume_gib * GIB, tenant_count(settings))


def smallest_queue_volume_bytes(settings: StackSettings) -> float:
    """Return the volume of a gateway on which each queue has room for one request."""
    return tenant_count(settings) * MIN_QUEUE_BYTES / _QUEUE_SHARE_OF_VOLUME


def queue_bytes(volume_bytes: int, queues: int = 1) -> int:
    """Return the size of one of several equal sending queues on a volume: its share / queues."""
    return int(volume_bytes * _QUEUE_SHARE_OF_VOLUME / queues)
