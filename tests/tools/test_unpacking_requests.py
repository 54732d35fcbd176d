"""What a request that is made of empty parts costs an agent: the figures of docs/loss.md."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from plan.delivery import AGENT_MAX_MESSAGE_MIB
from plan.memory_limiter import collector_go_memory_limit_mib
from plan.units import MIB
from render.names import COLLECTOR_HEALTH_PORT, COLLECTOR_QUEUE_FOLDER
from tests.faults.requests import PROTOBUF, post
from tests.faults.unpacking import PARTS, made_of
from tests.support.process_memory import peak_bytes
from tests.support.processes import processes
from tests.support.stacks import settings_of
from tests.support.tools import tool
from tests.support.waiting import eventually
from tests.tools.agents import agent_for
from tests.tools.loopback import AGENT, GATEWAY, answers, listening_at, recorder

pytestmark = pytest.mark.tools

_DOJO = settings_of("dojo")
_LIMIT_MIB = _DOJO.collectors.agent.resources.memory_limit_mib
_HARMLESS_MIB = 1


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[int]:
    """Run the dojo's agent without its container, and yield its process id."""
    config = listening_at(AGENT, agent_for(_DOJO, [GATEWAY]))
    file = tmp_path / "agent.yaml"
    file.write_text(config.replace(COLLECTOR_QUEUE_FOLDER, str(tmp_path / "queue")), encoding="utf-8")
    go_limit = f"{collector_go_memory_limit_mib(_LIMIT_MIB)}MiB"
    with recorder(GATEWAY), processes(tmp_path) as running:
        running.start("otelcol", [tool("otelcol"), "--config", file], {"GOMEMLIMIT": go_limit})
        eventually(lambda: answers(f"http://{AGENT}:{COLLECTOR_HEALTH_PORT}"), "the agent answers")
        yield running.id_of("otelcol")
        running.kill_all()


@pytest.mark.parametrize("parts", PARTS)
def test_one_mebibyte_stays_within_an_agents_memory(parts: str, agent: int) -> None:
    post(AGENT, made_of(parts, _HARMLESS_MIB * MIB), PROTOBUF)
    assert peak_bytes(agent) < _LIMIT_MIB * MIB


@pytest.mark.parametrize("parts", PARTS)
def test_the_largest_request_takes_more_than_an_agents_memory(parts: str, agent: int) -> None:
    """A known gap: when this fails, the collector bounds the parts of a request, and docs/loss.md can say so."""
    post(AGENT, made_of(parts, AGENT_MAX_MESSAGE_MIB * MIB), PROTOBUF)
    print(f"{parts}: {peak_bytes(agent) / MIB:.0f} MiB")
    assert peak_bytes(agent) > _LIMIT_MIB * MIB
