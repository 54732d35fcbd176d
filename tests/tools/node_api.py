"""The rendered agent on loopback, with a small emulation of the Kubernetes API for k8s_attributes."""

import itertools
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from plan.limits import checked_plan
from render.files import render
from settings.stack import StackSettings
from tests.tools.loopback import AGENT, TEMPO

# Its address is that from which the tests' own connections come.
POD: Mapping[str, Any] = {
    "metadata": {"name": "cart-0", "namespace": "team-b", "uid": "true-uid", "resourceVersion": "1"},
    "spec": {"nodeName": "node-1", "containers": [{"name": "cart"}]},
    "status": {"podIP": "127.0.0.1", "phase": "Running"},
}
_WATCH_SECONDS = 30.0


class NodeApi:
    """The Pods of a node: those of the list, and those that watches report later."""

    def __init__(self, pods: list[Mapping[str, Any]]) -> None:
        """Start with these Pods, and with answers to every request."""
        self.pods = pods
        # While it is not set, lists are not answered.
        self.answering = threading.Event()
        self.answering.set()
        self._added: list[Mapping[str, Any]] = []
        self._changed = threading.Condition()

    def add(self, pod: Mapping[str, Any]) -> None:
        """Report a new Pod to every watch."""
        with self._changed:
            self._added.append(pod)
            self._changed.notify_all()

    def events(self) -> Iterator[Mapping[str, Any]]:
        """Yield each Pod that is added within the time of a watch."""
        for number in itertools.count():
            with self._changed:
                if not self._changed.wait_for(partial(self._has, number), _WATCH_SECONDS):
                    return
            yield self._added[number]

    def _has(self, number: int) -> bool:
        return len(self._added) > number


class _Handler(BaseHTTPRequestHandler):
    """The part of an API server that k8s_attributes reads: Pods, and no namespaces."""

    api: NodeApi

    def do_GET(self) -> None:
        """Answer a list at once and keep a watch open."""
        if "sendInitialEvents" in self.path:
            # The streaming list of newer servers; the client falls back to a plain list.
            self.send_error(400)
            return
        pods = self.path.startswith("/api/v1/pods")
        if pods:
            self.api.answering.wait(_WATCH_SECONDS)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        if "watch=" not in self.path:
            self._write({"kind": "PodList" if pods else "NamespaceList", "items": self.api.pods if pods else []})
        elif pods:
            for pod in self.api.events():
                self._write({"type": "ADDED", "object": {"kind": "Pod", "apiVersion": "v1", **pod}})
        else:
            threading.Event().wait(_WATCH_SECONDS)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Print nothing."""

    def _write(self, found: dict[str, Any]) -> None:
        listed = {} if "type" in found else {"apiVersion": "v1", "metadata": {"resourceVersion": "1"}}
        self.wfile.write(json.dumps(listed | found).encode())
        self.wfile.flush()


@contextmanager
def api_server(folder: Path, api: NodeApi | None = None, port: int = 0) -> Iterator[Path]:
    """Serve a node's Pods, by default `POD` on any free port, and yield a kubeconfig for this server."""
    server = ThreadingHTTPServer((AGENT, port), type("Handler", (_Handler,), {"api": api or NodeApi([POD])}))
    server.daemon_threads = True
    # Open watches must not delay the shutdown.
    server.block_on_close = False
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield kubeconfig(folder, server.server_port)
    finally:
        server.shutdown()
        server.server_close()


def kubeconfig(folder: Path, port: int) -> Path:
    """Write a kubeconfig for a server at the agent's address, which need not be there."""
    cluster = {"name": "c", "cluster": {"server": f"http://{AGENT}:{port}"}}
    context = {"name": "c", "context": {"cluster": "c", "user": "c"}}
    file = folder / "kubeconfig"
    file.write_text(
        json.dumps({"clusters": [cluster], "contexts": [context], "current-context": "c", "users": []}),
        encoding="utf-8",
    )
    return file


def agent_config(settings: StackSettings) -> str:
    """Return the rendered agent, which finds its only gateway at `TEMPO` and the API in a kubeconfig."""
    resolver = (
        f"dns:\n        hostname: otel-gateway.{settings.environment.namespace}.svc\n        port: '4317'\n"
        "        interval: 5s\n        timeout: 2s\n"
    )
    config = render(settings, checked_plan(settings)).agent
    assert resolver in config
    config = config.replace(resolver, f'static:\n        hostnames: ["{TEMPO}:4317"]\n')
    return config.replace("auth_type: serviceAccount", "auth_type: kubeConfig")


def agent_environment(kubeconfig_file: Path) -> dict[str, str]:
    """Return the environment variables of the agent."""
    return {"KUBECONFIG": str(kubeconfig_file), "K8S_NODE_NAME": "node-1"}
