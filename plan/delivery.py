"""Sizes on the way to Tempo: gRPC messages, requests and sending queues."""

from plan.tenants import tenant_count
from plan.units import GIB, MIB
from settings.stack import StackSettings

# Largest request that an application may send to an agent, by gRPC or HTTP; a larger one is refused, and only its
# sender loses spans. The bound makes every span small enough for a request of its own to Tempo. It admits the
# SDKs' batches of 512 spans with 16 kB each, and is twice what an OTLP receiver accepts over gRPC by default.
AGENT_MAX_MESSAGE_MIB = 8
# Largest gRPC message that a gateway accepts. An agent forwards a request unsplit, with the names of Pod, node and
# workload added to each resource: some 0.4 kB, which is more than many a small resource had before.
COLLECTOR_MAX_MESSAGE_MIB = 32
# Largest OTLP message that Tempo accepts: as much as its processes accept from each other. The receiver's default
# is 4 MiB.
TEMPO_MAX_MESSAGE_MIB = 16
# Largest request that a gateway sends to Tempo: less than Tempo accepts and less than any tenant's burst, because
# Tempo rejects larger requests permanently. The exporter drops a span that is larger than this together with all
# spans behind it in its batch, and no metric counts them
# (`split` in the collector's exporterhelper/internal/queuebatch/traces_batch.go). So it exceeds the largest span:
# AGENT_MAX_MESSAGE_MIB, and half as much for what the agent adds and for masks that are longer than their secrets.
MAX_REQUEST_BYTES = (AGENT_MAX_MESSAGE_MIB + AGENT_MAX_MESSAGE_MIB // 2) * MIB
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
