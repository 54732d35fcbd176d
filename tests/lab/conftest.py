"""A machine of each test's own: folders for state and cache, and an API server that proxies to Services."""

import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from rich.console import Console

from lab.cluster.service import Cluster
from lab.progress import Progress
from lab.toolchain.installed import BUILD_VARIABLE
from tests.support.executables import static_program

Answer = tuple[int, bytes]


@pytest.fixture
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a person's own lab, tools and cluster out of the tests."""
    monkeypatch.setenv("FAWKES_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("FAWKES_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("FAWKES_KUBECONFIG", raising=False)
    monkeypatch.setenv(BUILD_VARIABLE, "tempo,minio,mc")


@pytest.fixture
def screen() -> io.StringIO:
    """Holds what a command prints."""
    return io.StringIO()


@pytest.fixture
def progress(screen: io.StringIO, tmp_path: Path) -> Iterator[Progress]:
    """Print the steps to `screen`, in lines wide enough for any path."""
    with Progress(console=Console(file=screen, width=300), history_file=tmp_path / "durations.json") as steps:
        yield steps


@pytest.fixture
def tempo_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Have nothing on PATH; the returned function has a Tempo there, and it alone."""
    monkeypatch.delenv(BUILD_VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    def put(version: str) -> Path:
        # A folder of its own, for what was found on a PATH is asked for its version once.
        monkeypatch.setenv("PATH", str(tmp_path / version))
        return static_program(tmp_path / version / "tempo", f"tempo, version {version} (x)\n")

    return put


@dataclass
class ApiServer:
    """An HTTP server that replies with `answer(method, path, body)` and records the requests."""

    url: str
    folder: Path
    answer: Callable[[str, str, bytes], Answer] = lambda _method, _path, _body: (200, b"{}")
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)
    # The headers of each request, by their names in lower case.
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def kubeconfig(self) -> Path:
        """A kubeconfig that leads to this server."""
        file = self.folder / "kubeconfig.yaml"
        document = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "here", "cluster": {"server": self.url}}],
            "users": [{"name": "me", "user": {"token": "t"}}],
            "contexts": [{"name": "here", "context": {"cluster": "here", "user": "me"}}],
            "current-context": "here",
        }
        file.write_text(yaml.safe_dump(document), encoding="utf-8")
        return file


@pytest.fixture
def api_server(tmp_path: Path) -> Iterator[ApiServer]:
    """A running server on a port of its own."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        here = ApiServer(f"http://127.0.0.1:{server.server_port}", tmp_path)
        server.here = here  # type: ignore[attr-defined]  # the handler's way to it
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield here
        server.shutdown()
        thread.join()


@pytest.fixture
def cluster(api_server: ApiServer) -> Iterator[Cluster]:
    """A cluster reached through that server."""
    connected = Cluster(api_server.kubeconfig)
    yield connected
    connected.api.rest_client.pool_manager.clear()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._reply()

    def do_POST(self) -> None:
        self._reply()

    def do_PUT(self) -> None:
        self._reply()

    def _reply(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        here: ApiServer = self.server.here  # type: ignore[attr-defined]  # set by the fixture
        here.asked.append((self.command, self.path, body))
        here.headers.append({name.lower(): value for name, value in self.headers.items()})
        status, said = here.answer(self.command, self.path, body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""
