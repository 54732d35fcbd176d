"""A rendered collector on a loopback address, and a fake receiver behind it that records requests.

The loopback network has 16 million addresses, so everything keeps its usual ports: only the addresses and folders
of a configuration are changed.
"""

import os
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
import requests
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    TraceServiceStub,
    add_TraceServiceServicer_to_server,
)
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from plan.delivery import TEMPO_MAX_MESSAGE_MIB
from render.collectors.gateway import FEATURE_GATES
from render.names import COLLECTOR_QUEUE_FOLDER, OTLP_GRPC_PORT
from tests.support.processes import processes
from tests.support.tools import tool

# pytest-xdist calls its workers gw0, gw1 and so on.
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def address(number: int) -> str:
    """Return a loopback address of this worker of pytest-xdist."""
    return f"127.0.{_WORKER}.{number}"


# A monolithic Tempo calls itself by gRPC at 127.0.0.1, so each worker has a port there instead of an address. A
# worker runs one at a time.
MONOLITH_GRPC: Mapping[str, Any] = {"grpc_listen_address": "127.0.0.1", "grpc_listen_port": 19095 + _WORKER}
GATEWAY, TEMPO, AGENT = address(40), address(41), address(42)
# The host that the rendered gateway sends to when Tempo runs in microservices mode.
TEMPO_HOST = "tempo-distributor.fawkes-observability.svc"
# More than a busy machine takes to start a collector.
START_SECONDS = 60.0
# Between its tries gRPC would wait up to two minutes.
_RECONNECTS_SOON = (("grpc.max_reconnect_backoff_ms", 500),)


class Recorder(TraceServiceServicer):
    """An OTLP receiver like Tempo's, which keeps every request with the tenant in its header."""

    def __init__(self) -> None:
        """Start with no requests."""
        self.received: list[tuple[str, ExportTraceServiceRequest]] = []
        self.last = time.monotonic()

    def Export(  # noqa: N802 - gRPC's name
        self, request: ExportTraceServiceRequest, context: grpc.ServicerContext
    ) -> ExportTraceServiceResponse:
        """Record one request; without the header the tenant is empty."""
        headers = {str(key): str(value) for key, value in context.invocation_metadata()}
        self.received.append((headers.get("x-scope-orgid", ""), request))
        self.last = time.monotonic()
        return ExportTraceServiceResponse()

    def spans(self) -> list[tuple[str, Resource, Span]]:
        """Return every span with its tenant and resource."""
        return [
            (tenant, each.resource, span)
            for tenant, request in self.received
            for each in request.resource_spans
            for scope in each.scope_spans
            for span in scope.spans
        ]


def direct_session() -> requests.Session:
    """Return a session without a proxy: a proxy for the internet cannot reach these addresses."""
    session = requests.Session()
    session.trust_env = False
    return session


def answers(url: str) -> bool:
    """Return whether a server answers a GET, and not with an error."""
    with direct_session() as session:
        try:
            return session.get(url, timeout=2.0).ok
        except requests.RequestException:
            return False


def listening_at(address: str, config: str) -> str:
    """Return a rendered configuration that listens on one address instead of all."""
    return config.replace("endpoint: :", f"endpoint: {address}:").replace("host: ''", f"host: {address}")


@contextmanager
def recorder(host: str) -> Iterator[Recorder]:
    """Serve a recorder at a loopback address, on the usual port."""
    found = Recorder()
    with serving(found, host):
        yield found


@contextmanager
def serving(found: Recorder, host: str) -> Iterator[None]:
    """Serve a given recorder at a loopback address, on the usual port."""
    limit = ("grpc.max_receive_message_length", TEMPO_MAX_MESSAGE_MIB * 2**20)
    server = grpc.server(ThreadPoolExecutor(4), options=[limit])
    add_TraceServiceServicer_to_server(found, server)  # type: ignore[no-untyped-call]
    server.add_insecure_port(f"{host}:{OTLP_GRPC_PORT}")
    server.start()
    try:
        yield
    finally:
        server.stop(None).wait()


def channel_to(host: str) -> grpc.Channel:
    """Return a channel to the OTLP receiver of a program that may still be starting."""
    return grpc.insecure_channel(f"{host}:{OTLP_GRPC_PORT}", _RECONNECTS_SOON)


@contextmanager
def collector(
    folder: Path, config: str, address: str, environment: Mapping[str, str], *, compression: str = "gzip"
) -> Iterator[TraceServiceStub]:
    """Run a rendered configuration at its own address; only addresses and folders differ from what is deployed.

    It compresses by gzip unless told otherwise, because a recorder knows no zstd: gRPC for Python has none.
    """
    file = folder / "config.yaml"
    config = config.replace("compression: zstd", f"compression: {compression}")
    text = listening_at(address, config).replace(COLLECTOR_QUEUE_FOLDER, str(folder / "queue"))
    file.write_text(text, encoding="utf-8")
    with processes(folder) as running, channel_to(address) as channel:
        gates = f"--feature-gates={','.join(FEATURE_GATES)}"
        running.start("otelcol", [tool("otelcol"), "--config", file, gates], environment)
        try:
            grpc.channel_ready_future(channel).result(START_SECONDS)
        except grpc.FutureTimeoutError:
            pytest.fail(running.log("otelcol").read_text(encoding="utf-8")[-3000:])
        yield TraceServiceStub(channel)  # type: ignore[no-untyped-call]
        running.assert_alive()
