"""The servers whose answers the page shows, Tempo and Prometheus, reached through the API server."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

import urllib3

from lab.cluster.service import TIMEOUTS_SECONDS, Answered, Cluster, Service, api_server_message, reason
from lab.node.layout import PROMETHEUS_URL
from lab.target.target import Target
from render.names import TEMPO_HTTP_PORT, tempo_query_host
from settings.stack import StackSettings

# A trace of 50 000 spans is about 25 MB.
MOST_BYTES = 64 * 2**20
_HTTP_PORT = 80
# As many as are passed on at once.
_CONNECTIONS = 12
# `<service>.<namespace>.svc`, with or without the cluster's own domain.
_NAME_PARTS = 3


class Upstream(Protocol):
    """Sends a GET and returns the answer; status 0 with the reason when there was none."""

    def __call__(self, path: str, headers: Mapping[str, str]) -> Answered:
        """Send it; `path` includes the query."""


@dataclass(frozen=True)
class InCluster:
    """A Service of the cluster; `root` comes before every path."""

    cluster: Cluster
    service: Service
    root: str = ""

    def __call__(self, path: str, headers: Mapping[str, str]) -> Answered:
        """Send it through the API server; an answer of the API server itself counts as none."""
        answer = self.cluster.answer(self.service, self.root + path, headers, most_bytes=MOST_BYTES)
        of_api_server = api_server_message(answer.body) if answer.status >= 400 else None  # noqa: PLR2004 - of HTTP
        if of_api_server is None:
            return answer
        return Answered(0, f"{self.service}: {answer.status} {of_api_server}".encode())


@dataclass(frozen=True)
class Direct:
    """A server that this machine reaches by its URL, past any proxy."""

    url: str
    pool: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(maxsize=_CONNECTIONS))

    def __call__(self, path: str, headers: Mapping[str, str]) -> Answered:
        """Send it; an answer of more than MOST_BYTES counts as none."""
        connect, read = TIMEOUTS_SECONDS
        try:
            response = self.pool.request(
                "GET",
                self.url + path,
                headers=dict(headers),
                timeout=urllib3.Timeout(connect, read),
                retries=False,
                preload_content=False,
            )
            with response:
                body = response.read(MOST_BYTES + 1, decode_content=True)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            return Answered(0, reason(error).encode())
        if len(body) > MOST_BYTES:
            return Answered(0, f"its answer is larger than {MOST_BYTES // 2**20} MiB: ask for less".encode())
        return Answered(response.status, body, response.headers.get("Content-Type", "text/plain"))


def prometheus_of(target: Target, settings: StackSettings) -> Upstream | None:
    """Return the Prometheus of a stack's metrics, or None without one.

    The lab's own is a daemon of the node. The API server passes requests on to Pods alone, so not to it.
    """
    if settings.grafana.prometheus_url is not None and target.node is not None:
        return Direct(PROMETHEUS_URL)
    return prometheus_in(target.cluster(), settings)


def tempo_in(cluster: Cluster, settings: StackSettings) -> InCluster:
    """Return the stack's Tempo, that component which answers queries."""
    namespace, host = settings.environment.namespace, tempo_query_host(settings.tempo.deployment_mode)
    return InCluster(cluster, Service(namespace, host, TEMPO_HTTP_PORT))


def prometheus_in(cluster: Cluster, settings: StackSettings) -> InCluster | None:
    """Return the Prometheus of `grafana.prometheus_url`; None without it or outside the cluster."""
    if settings.grafana.prometheus_url is None:
        return None
    url = urlsplit(str(settings.grafana.prometheus_url))
    name, *rest = (url.hostname or "").split(".")
    if len(rest) + 1 < _NAME_PARTS or rest[1] != "svc":
        return None
    service = Service(namespace=rest[0], name=name, port=url.port or _HTTP_PORT)
    return InCluster(cluster, service, url.path.rstrip("/"))
