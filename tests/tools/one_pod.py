"""A small emulation of the Kubernetes API for a rendered agent: it knows one Pod, at 127.0.0.1."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.tools.loopback import AGENT

_POD = {
    "metadata": {"name": "cart-0", "namespace": "team-b", "uid": "true-uid", "resourceVersion": "1"},
    "spec": {"nodeName": "node-1", "containers": [{"name": "cart"}]},
    # The address that the test's own connection comes from.
    "status": {"podIP": "127.0.0.1", "phase": "Running"},
}


class _OnePod(BaseHTTPRequestHandler):
    """The part of an API server that k8s_attributes reads: one Pod, empty lists, watches without events."""

    def do_GET(self) -> None:
        """Answer a list at once and keep a watch open."""
        if "sendInitialEvents" in self.path:
            # The streaming list of newer servers; the client falls back to a plain list.
            self.send_error(400)
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        if "watch=" in self.path:
            threading.Event().wait(30)
            return
        pods = self.path.startswith("/api/v1/pods")
        listed = {"kind": "PodList" if pods else "NamespaceList", "apiVersion": "v1"}
        body = listed | {"metadata": {"resourceVersion": "1"}, "items": [_POD] if pods else []}
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Print nothing."""


@contextmanager
def api_server(folder: Path) -> Iterator[Path]:
    """Serve one Pod, and yield a kubeconfig for this server."""
    server = ThreadingHTTPServer((AGENT, 0), _OnePod)
    server.daemon_threads = True
    # Open watches must not delay the shutdown.
    server.block_on_close = False
    threading.Thread(target=server.serve_forever, daemon=True).start()
    cluster = {"name": "c", "cluster": {"server": f"http://{AGENT}:{server.server_port}"}}
    context = {"name": "c", "context": {"cluster": "c", "user": "c"}}
    kubeconfig = folder / "kubeconfig"
    kubeconfig.write_text(
        json.dumps({"clusters": [cluster], "contexts": [context], "current-context": "c", "users": []}),
        encoding="utf-8",
    )
    try:
        yield kubeconfig
    finally:
        server.shutdown()
        server.server_close()
