"""What the collector does with a damaged queue file: docs/loss.md says what to do about each kind.

The agent is used because its exporter has the same storage as a gateway's, and writes each request at once.
"""

import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from render.names import COLLECTOR_QUEUE_FOLDER
from settings.project import REPO
from tests.support.stacks import PLAINTEXT, settings_of
from tests.support.tools import tool
from tests.support.waiting import eventually
from tests.tools.flood import flood
from tests.tools.loopback import AGENT, TEMPO, collector, listening_at, recorder
from tests.tools.node_api import agent_config, agent_environment, api_server, kubeconfig
from tests.tools.queue_file import QueueFile

pytestmark = pytest.mark.tools

_REQUESTS, _SPAN_BYTES, _LATER = 300, 1500, 20
_NAME = "exporter_load_balancing__traces"
_ARRIVE_SECONDS, _END_SECONDS = 20.0, 20
_SET_ASIDE = "Database corruption detected, recreating database file"

Damage = Callable[[QueueFile], bytes]
# Damage, and how many of the old requests still arrive.
STARTS: Mapping[str, tuple[Damage, Callable[[QueueFile], int]]] = {
    "empty": (lambda _: b"", lambda _: 0),
    # The transaction before it is read instead.
    "newest header": (lambda file: file.with_garbage(file.newest_header()), QueueFile.requests_before),
}
# Damage, and the words in the log that docs/loss.md names.
ENDS: Mapping[str, tuple[Damage, str]] = {
    "zeros": (lambda file: bytes(len(file.content)), "invalid database"),
    "both headers": (lambda file: file.with_garbage(0, 2), "invalid database"),
    "cut within the first pages": (lambda file: file.content[:5000], "file size too small"),
    "cut in half": (lambda file: file.content[: len(file.content) // 2], "panic: assertion failed: Page expected"),
    "page of garbage": (
        lambda file: file.with_garbage(file.leaves()[0]),
        "panic: assertion failed: Page expected",
    ),
    "page of zeros": (
        lambda file: file.with_page(file.leaves()[0], bytes(file.page_bytes)),
        "panic: assertion failed: Page expected",
    ),
}


@pytest.fixture(scope="module")
def config() -> str:
    """Return the rendered agent."""
    return agent_config(settings_of("prod", PLAINTEXT))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, config: str) -> QueueFile:
    """Return the file of a queue that nobody has taken a request from."""
    folder = tmp_path_factory.mktemp("agent")
    with (
        api_server(folder) as access,
        collector(folder, config, AGENT, agent_environment(access)),
    ):
        assert len(flood(AGENT, _SPAN_BYTES, _REQUESTS).accepted) == _REQUESTS
    found = QueueFile((folder / "queue" / _NAME).read_bytes())
    assert found.requests_before() in {_REQUESTS - 1, _REQUESTS}
    return found


def arrived(folder: Path, config: str, content: bytes, old: int) -> int:
    """Start an agent with a file, send requests, and wait for them and old ones; return how many old ones came."""
    queue(folder).write_bytes(content)
    with (
        recorder(TEMPO) as log,
        api_server(folder) as access,
        collector(folder, config, AGENT, agent_environment(access)),
    ):
        sent = flood(AGENT, _SPAN_BYTES, _LATER).accepted
        assert len(sent) == _LATER

        def complete() -> bool:
            found = {span.trace_id for _, _, span in log.spans()}
            return sent <= found and len(found - sent) >= old

        eventually(complete, "every request arrives", _ARRIVE_SECONDS)
        return len({span.trace_id for _, _, span in log.spans()} - sent)


def queue(folder: Path) -> Path:
    """Return the path of the queue's file in its folder, which then exists."""
    (folder / "queue").mkdir(exist_ok=True)
    return folder / "queue" / _NAME


def backups(folder: Path) -> list[Path]:
    """Return the files that were set aside."""
    return list((folder / "queue").glob("*.backup"))


@pytest.mark.parametrize("kind", STARTS)
def test_a_file_that_can_still_be_read_is_used(tmp_path: Path, config: str, file: QueueFile, kind: str) -> None:
    damage, old = STARTS[kind]
    assert arrived(tmp_path, config, damage(file), old(file)) == old(file)
    assert not backups(tmp_path)


def test_a_file_whose_pages_contradict_each_other_is_set_aside_once_and_later_requests_arrive(
    tmp_path: Path, config: str, file: QueueFile
) -> None:
    damaged = file.with_stale_leaf()
    assert arrived(tmp_path, config, damaged, 0) == 0
    assert [each.read_bytes() for each in backups(tmp_path)] == [damaged]
    assert (tmp_path / "otelcol.log").read_text(encoding="utf-8").count(_SET_ASIDE) == 1
    # A second start finds nothing to set aside.
    assert arrived(tmp_path, config, queue(tmp_path).read_bytes(), 0) == 0
    assert len(backups(tmp_path)) == 1


@pytest.mark.parametrize("kind", ENDS)
def test_a_collector_with_a_worse_file_ends_with_the_documented_words_and_starts_when_the_file_is_moved(
    tmp_path: Path, config: str, file: QueueFile, kind: str
) -> None:
    damage, words = ENDS[kind]
    queue(tmp_path).write_bytes(damage(file))
    code, log = ended(tmp_path, config)
    assert code != 0
    assert words in log
    assert not backups(tmp_path)
    assert words in documented()
    # What docs/loss.md says to do.
    queue(tmp_path).rename(tmp_path / "moved")
    with (
        api_server(tmp_path) as access,
        collector(tmp_path, config, AGENT, agent_environment(access)),
    ):
        assert queue(tmp_path).exists()


def ended(folder: Path, config: str) -> tuple[int, str]:
    """Start an agent that ends by itself; return its exit code and its log."""
    text = listening_at(AGENT, config).replace(COLLECTOR_QUEUE_FOLDER, str(folder / "queue"))
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    found = subprocess.run(
        [tool("otelcol"), "--config", folder / "config.yaml"],
        env=agent_environment(kubeconfig(folder, 1)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_END_SECONDS,
        check=False,
    )
    return found.returncode, found.stderr


def documented() -> str:
    """Return docs/loss.md on one line."""
    return re.sub(r"\s+", " ", (REPO / "docs" / "loss.md").read_text(encoding="utf-8"))
