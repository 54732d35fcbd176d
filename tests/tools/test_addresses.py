"""Rendered servers listen on every address of their Pod, of both families or of the one that there is."""

import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

from plan.limits import checked_plan
from render.files import Rendered, render
from render.names import (
    COLLECTOR_HEALTH_PORT,
    COLLECTOR_METRICS_PORT,
    COLLECTOR_QUEUE_FOLDER,
    OTLP_GRPC_PORT,
    OTLP_HTTP_PORT,
    TEMPO_ADDRESS_VARIABLE,
    TEMPO_DATA_FOLDER,
    TEMPO_GRPC_PORT,
    TEMPO_HTTP_PORT,
    TEMPO_OVERRIDES_FILE,
    TEMPO_OVERRIDES_FOLDER,
)
from render.text import to_yaml
from tests.support.own_network import in_own_network
from tests.support.processes import Processes, processes
from tests.support.stacks import merge, settings_of
from tests.support.tools import absent, tempos, tool
from tests.support.waiting import eventually

pytestmark = pytest.mark.tools

_IPV4, _IPV6 = "127.0.0.1", "::1"
_IPV6_SWITCH = Path("/proc/sys/net/ipv6/conf/all/disable_ipv6")
_OTLP_PORTS = (OTLP_GRPC_PORT, OTLP_HTTP_PORT)
_LISTENING_SECONDS = 60.0


def _rendered() -> Rendered:
    """Return the dojo's configuration, for the available Tempo."""
    settings = settings_of("dojo", tempos()[0].settings)
    return render(settings, checked_plan(settings))


def _start_gateway(running: Processes) -> Sequence[int]:
    """Start a gateway with another folder; return the ports on which it listens."""
    file = running.folder / "gateway.yaml"
    text = _rendered().gateway.replace(COLLECTOR_QUEUE_FOLDER, str(running.folder / "queue"))
    file.write_text(text, encoding="utf-8")
    running.start("gateway", [tool("otelcol"), "--config", file], {})
    return (*_OTLP_PORTS, COLLECTOR_HEALTH_PORT, COLLECTOR_METRICS_PORT)


def _start_tempo(running: Processes) -> Sequence[int]:
    """Start a Tempo with another folder and a local store; return the ports on which it listens."""
    file = running.folder / "tempo.yaml"
    local = {"backend": "local", "local": {"path": str(running.folder / "blocks")}}
    rendered = _rendered()
    (running.folder / TEMPO_OVERRIDES_FILE).write_text(rendered.tempo_overrides, encoding="utf-8")
    text = rendered.tempo.replace(TEMPO_DATA_FOLDER, str(running.folder / "data"))
    text = text.replace(TEMPO_OVERRIDES_FOLDER, str(running.folder))
    file.write_text(to_yaml(merge(yaml.safe_load(text), {"storage": {"trace": local}})), encoding="utf-8")
    flags = (f"-config.file={file}", "-config.expand-env=true")
    running.start("tempo", [tempos()[0].program, *flags], {TEMPO_ADDRESS_VARIABLE: _IPV4})
    return (*_OTLP_PORTS, TEMPO_HTTP_PORT, TEMPO_GRPC_PORT)


def _turn_ipv6_off() -> None:
    """Leave the network of this thread with IPv4 alone; skip or fail where the machine forbids it."""
    try:
        _IPV6_SWITCH.write_text("1", encoding="utf-8")
    except OSError as error:
        absent(f"it requires that IPv6 can be turned off in a network: {error}")


def _is_reached(running: Processes, wanted: set[tuple[str, int]]) -> bool:
    running.assert_alive()
    return all(_connects(*one) for one in wanted)


def _connects(address: str, port: int) -> bool:
    with suppress(OSError), socket.create_connection((address, port), timeout=2.0):
        return True
    return False


@pytest.mark.parametrize("start", [_start_gateway, _start_tempo], ids=["a gateway", "Tempo"])
@pytest.mark.parametrize("ipv6", [True, False], ids=["both families", "IPv4 alone"])
def test_a_server_is_reached_by_each_family_that_its_pod_has(
    start: Callable[[Processes], Sequence[int]],
    ipv6: bool,  # noqa: FBT001 - a table's column
    tmp_path: Path,
) -> None:
    addresses = (_IPV4, _IPV6) if ipv6 else (_IPV4,)

    def run() -> None:
        if not ipv6:
            _turn_ipv6_off()
        with processes(tmp_path) as running:
            wanted = {(address, port) for port in start(running) for address in addresses}
            eventually(lambda: _is_reached(running, wanted), f"it is reached at {addresses}", _LISTENING_SECONDS)
            assert {_connects(_IPV6, port) for _, port in wanted} == {ipv6}

    in_own_network((), run)
