"""Spans through the real processors of scrubbing, in one collector process."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
import yaml
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans

from render.collectors.scrubbing import FEATURE_GATES, scrubbing
from render.names import OTLP_GRPC_PORT
from render.text import Config
from settings.scrubbing import Scrubbing
from tests.support.processes import processes
from tests.support.tools import tool
from tests.tools.loopback import START_SECONDS, Recorder, address, channel_to, recorder

SCRUBBER, STORE = address(44), address(45)
# A message has at most 4 MiB by default.
_AT_ONCE = 200


def masking_config(processors: Config) -> str:
    """Return a collector's configuration that passes spans through some processors only."""
    return yaml.safe_dump(
        {
            "receivers": {"otlp": {"protocols": {"grpc": {"endpoint": f"{SCRUBBER}:{OTLP_GRPC_PORT}"}}}},
            "processors": dict(processors),
            "exporters": {
                "otlp_grpc": {
                    "endpoint": f"{STORE}:{OTLP_GRPC_PORT}",
                    "tls": {"insecure": True},
                    "sending_queue": {"enabled": False},
                    "retry_on_failure": {"enabled": False},
                }
            },
            "service": {
                "telemetry": {"metrics": {"level": "none"}},
                "pipelines": {
                    "traces": {"receivers": ["otlp"], "processors": list(processors), "exporters": ["otlp_grpc"]}
                },
            },
        },
        sort_keys=False,
    )


@dataclass
class Scrubber:
    """A running collector with the processors of scrubbing."""

    _gateway: TraceServiceStub
    _store: Recorder

    def scrubbed(self, sent: Sequence[ResourceSpans]) -> list[ResourceSpans]:
        """Return what comes out for each of these, in their order."""
        self._store.received.clear()
        for start in range(0, len(sent), _AT_ONCE):
            self._gateway.Export(
                ExportTraceServiceRequest(resource_spans=sent[start : start + _AT_ONCE]), timeout=30
            )
        found = [one for _, request in self._store.received for one in request.resource_spans]
        assert len(found) == len(sent)
        return found


@contextmanager
def scrubber(folder: Path, settings: Scrubbing) -> Iterator[Scrubber]:
    """Run a collector with the processors that these settings render."""
    file = folder / "masking.yaml"
    file.write_text(masking_config(scrubbing(settings)), encoding="utf-8")
    with (
        recorder(STORE) as store,
        processes(folder) as running,
        channel_to(SCRUBBER) as channel,
    ):
        command: list[str | Path] = [
            tool("otelcol"),
            "--config",
            file,
            f"--feature-gates={','.join(FEATURE_GATES)}",
        ]
        running.start("otelcol", command, os.environ)
        try:
            grpc.channel_ready_future(channel).result(START_SECONDS)
        except grpc.FutureTimeoutError:
            pytest.fail(running.log("otelcol").read_text(encoding="utf-8")[-3000:])
        yield Scrubber(TraceServiceStub(channel), store)  # type: ignore[no-untyped-call]
        running.assert_alive()
