"""An object store that is down, and one that is slow."""

import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from lab.node.layout import MACHINE_ADDRESS
from render.names import MINIO, MINIO_PORT
from tests.cluster.faults import held_down
from tests.cluster.packet_rules import PacketRule, packet_rules, reset
from tests.cluster.tempo_api import FLUSHED_SECONDS, tempo_api
from tests.cluster.traffic import Trace, whole
from tests.faults.fault import Fault
from tests.faults.oracle import expected_of
from tests.faults.sender import Sender
from tests.support.live import LiveStack
from tests.tools.relay import Pace, Relay, relaying

# Two seconds for the first byte of an answer would be one of S3's bad days; a block of the dojo is about 1 MB.
SLOW = Pace(delay_seconds=1.0, bytes_per_second=50_000)


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


@dataclass
class Flushed:
    """A trace of an outage that has to be in the bucket after it, for Tempo answers from its disk as well."""

    outage: Callable[[LiveStack], AbstractContextManager[None]]
    _trace: bytes = b""

    def also(self, sender: Sender) -> None:
        """Send the trace."""
        trace, label = Trace(secrets.token_bytes(16), "failed"), f"{sender.run}-flushed"
        self._trace = trace.id
        sender.send(expected_of(trace, sender.sampling), [whole([trace], label)], label)

    @contextmanager
    def block(self, stack: LiveStack) -> Iterator[None]:
        """Have the outage inside the block; wait for the trace in the bucket after it."""
        with self.outage(stack):
            yield
        with tempo_api(stack) as tempo:
            tempo.wait_for(self._trace.hex(), mode="blocks", seconds=FLUSHED_SECONDS)


_DOWN = Flushed(lambda stack: held_down(stack, MINIO))
_SLOW = Flushed(slow_store)
FAULTS = (
    Fault(
        name="store down",
        what="MinIO's Pod is down for two minutes, longer than a block stays open; Tempo goes on accepting, "
        "and a trace of the outage is in the bucket afterwards.",
        block=_DOWN.block,
        also=_DOWN.also,
        seconds=120,
        settle_seconds=120,
        alerts=frozenset({"TracingBlocklistPollsFailing"}),
    ),
    Fault(
        name="slow store",
        what="Each byte to MinIO and back takes a second longer, and 50 kB pass in a second and "
        "connection; a trace of the outage is in the bucket afterwards.",
        block=_SLOW.block,
        also=_SLOW.also,
        seconds=120,
        settle_seconds=120,
    ),
)
