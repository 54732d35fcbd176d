"""An object store that is down, and one that is slow."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from lab.node.layout import MACHINE_ADDRESS
from render.names import MINIO, MINIO_PORT
from tests.cluster.faults import held_down
from tests.cluster.packet_rules import PacketRule, packet_rules, reset
from tests.faults.fault import Fault
from tests.support.live import LiveStack
from tests.tools.relay import Pace, Relay, relaying

# Two seconds for the first byte of an answer would be one of S3's bad days; a block of the dojo is about 1 MB.
SLOW = Pace(delay_seconds=1.0, bytes_per_second=50_000)


@contextmanager
def store_down(stack: LiveStack) -> Iterator[None]:
    """Keep MinIO's Pod down."""
    with held_down(stack, MINIO):
        yield


@contextmanager
def slow_store(stack: LiveStack, pace: Pace = SLOW) -> Iterator[None]:
    """Lead every connection to MinIO's Service through a slow relay; those that exist are reset.

    A relay, because not every kernel has the queueing discipline that delays packets (`netem`).
    """
    (pod,) = stack.pods(MINIO)
    with socket.create_server((str(MACHINE_ADDRESS), 0)) as server:
        _, port = server.getsockname()
        to_service = ("-d", stack.address(MINIO), "-p", "tcp", "--dport", str(MINIO_PORT))
        redirect = ("-j", "DNAT", "--to-destination", f"{MACHINE_ADDRESS}:{port}")
        direct = ("!", "-s", str(MACHINE_ADDRESS), "-d", pod.status.pod_ip, "--dport", str(MINIO_PORT))
        with (
            relaying(server, Relay((pod.status.pod_ip, MINIO_PORT), pace)),
            packet_rules(PacketRule("nat", "PREROUTING", (*to_service, *redirect)), reset(*direct)),
        ):
            yield


FAULTS = (
    Fault(
        name="store down",
        what="MinIO's Pod is down for two minutes, longer than a block stays open; Tempo goes on accepting.",
        block=store_down,
        seconds=120,
        settle_seconds=120,
        alerts=frozenset({"TracingBlocklistPollsFailing"}),
    ),
    Fault(
        name="slow store",
        what="Each byte to MinIO and back takes a second longer, and 50 kB pass in a second and connection.",
        block=slow_store,
        seconds=120,
        settle_seconds=120,
    ),
)
