"""Sizes on the way to Tempo: gRPC messages, requests and sending queues."""

from dataclasses import dataclass

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
# Share of a volume that the files of its queues may take; the file system needs the rest.
_FILES_SHARE_OF_VOLUME = 0.95
# Room beside each file for the copy that compaction makes of it: twice the data below which it starts
# (COMPACTION_TRIGGER_MIB), because data may arrive before it does.
COMPACTION_TRIGGER_MIB = 8
_COMPACTION_ROOM_BYTES = 2 * COMPACTION_TRIGGER_MIB * MIB
# bbolt counts the next step of a file's growth towards its limit (`DefaultAllocSize` in bbolt 1.5).
_GROWTH_STEP_BYTES = 16 * MIB
# How many times its content a queue's file may need, measured by filling and turning over queues of 8 to 500 MiB
# with the writes that the persistent queue makes (tests/tools/test_queue_volume.py does so with a collector). A
# page holds at least two requests, a page that is full is split into halves, and a change writes a page anew
# before it frees the old one. Requests of 1.5 kB to 2 MB need 1.0 to 1.6 times their size, those of 4 MB in a
# small queue 2.7, those of 500 bytes 2.8, and those of 60 bytes, less than a span without attributes, 4.0. A
# gateway batches spans before it stores them: measured 1.1 to 1.6, and one request more.
_APPLICATIONS_FILE_FACTOR = 4
_BATCHES_FILE_FACTOR = 2
# Smallest sending queue: a persistent queue that is smaller than one request refuses it even while it is empty
# (`Offer` in the collector's exporterhelper/internal/queue/persistent_queue.go), and its spans are dropped.
MIN_QUEUE_BYTES = COLLECTOR_MAX_MESSAGE_MIB * MIB
# Of each file, what the queue may not count on: the next step of growth, and the largest request, which is written
# anew beside all others while it is the newest one.
_RESERVED_IN_FILE_BYTES = _GROWTH_STEP_BYTES + MIN_QUEUE_BYTES


@dataclass(frozen=True, kw_only=True)
class DiskQueue:
    """A sending queue on disk: the requests that it accepts and the file that holds them, in bytes.

    The queue refuses requests before the file reaches its limit, because a queue whose file may not grow loses
    spans that it has accepted: it cannot write that it has read a request, and deletes the request
    (`getNextItem` in persistent_queue.go).
    """

    queue_bytes: int
    file_bytes: int


def agent_queue(settings: StackSettings) -> DiskQueue:
    """Return the queue of an agent, whose requests are as small as applications send them."""
    return _disk_queue(settings.collectors.agent.queue_volume_mib * MIB, 1, _APPLICATIONS_FILE_FACTOR)


def gateway_queue(settings: StackSettings) -> DiskQueue:
    """Return each of a gateway's queues.

    The queues are equal because the traffic of a tenant is not known. In an incident, when queues fill, most
    kept traces have failed and go to both tiers alike.
    """
    volume = settings.collectors.gateway.queue_volume_gib * GIB
    return _disk_queue(volume, tenant_count(settings), _BATCHES_FILE_FACTOR)


def smallest_queue_volume_bytes(settings: StackSettings) -> float:
    """Return the volume of a gateway on which each queue has room for one request."""
    file = _BATCHES_FILE_FACTOR * MIN_QUEUE_BYTES + _RESERVED_IN_FILE_BYTES
    return tenant_count(settings) * (file + _COMPACTION_ROOM_BYTES) / _FILES_SHARE_OF_VOLUME


def _disk_queue(volume_bytes: int, queues: int, file_factor: int) -> DiskQueue:
    """Return one of several equal queues on a volume: its share of the files, less what is no request's."""
    file = int(volume_bytes * _FILES_SHARE_OF_VOLUME / queues) - _COMPACTION_ROOM_BYTES
    return DiskQueue(queue_bytes=(file - _RESERVED_IN_FILE_BYTES) // file_factor, file_bytes=file)
