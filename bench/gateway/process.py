"""Running collectors: their CPU time, their memory and their own counters."""

import contextlib
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import requests
import yaml

from bench.gateway.documents import METRICS_PORT, OTLP_PORT, Document
from bench.processes import cpu_seconds, resident_bytes, started, wait_until
from lab.monitoring.exposition import samples, total

_START_SECONDS, _CONNECT_SECONDS = 20.0, 0.2


@dataclass(frozen=True)
class Collector:
    """A running collector."""

    pid: int
    address: str

    def cpu_seconds(self) -> float:
        """Return the CPU time of the whole process so far, in user and in kernel mode."""
        return cpu_seconds(self.pid)

    def resident_bytes(self, field: str = "VmRSS") -> int:
        """Return the resident memory; `VmHWM` is its highest value so far."""
        return resident_bytes(self.pid, field)

    def counter(self, name: str) -> float:
        """Return the sum of the collector's own metric over all its series."""
        with requests.Session() as session:
            # A proxy for the internet cannot reach this address.
            session.trust_env = False
            page = session.get(f"http://{self.address}:{METRICS_PORT}/metrics", timeout=10).text
        return total(samples(page), name)


@contextlib.contextmanager
def collector(
    command: Sequence[str], document: Document, address: str, folder: Path, environment: Mapping[str, str]
) -> Iterator[Collector]:
    """Run a collector with a document that is placed at an address; it has ended after the block.

    Raises `LabError` with the collector's last lines if it does not accept connections in time.
    """
    file, log = folder / "config.yaml", folder / "collector.log"
    file.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    with started([*command, "--config", str(file)], folder, log, environment) as process:
        what = "The collector accepted no connection"
        wait_until(lambda: _accepts(address), process, log, _START_SECONDS, what)
        yield Collector(process.pid, address)


def _accepts(address: str) -> bool:
    """Return whether a bare connection succeeds: some collectors demand a certificate for more."""
    with contextlib.suppress(OSError), socket.create_connection((address, OTLP_PORT), _CONNECT_SECONDS):
        return True
    return False
