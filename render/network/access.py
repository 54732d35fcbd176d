"""Connections of whoever queries Tempo: Grafana itself, or with `access.mode: proxy` nobody but the proxy."""

from collections.abc import Iterator

from plan.plan import Plan
from plan.tempo.majors import QUERY_FRONTEND
from render.access.tenants import ports
from render.names import ACCESS_PROXY, TEMPO_HTTP_PORT
from render.network.edges import Edge, OtherPods, OwnPods, tcp
from render.network.hosts import host_of, peers_of, ports_of
from render.network.tempo import pods_of
from settings.stack import StackSettings

# The Prometheus operator, and the charts of Prometheus, give it to each Pod of a Prometheus.
_PROMETHEUS = ("app.kubernetes.io/name", "prometheus")


def query_edges(settings: StackSettings, plan: Plan) -> Iterator[Edge]:
    """Yield Grafana's way to Tempo."""
    grafana, frontend = OtherPods((settings.grafana.namespace,)), pods_of(plan, QUERY_FRONTEND)
    if not proxied(settings):
        yield _to("grafana-to-tempo", grafana, frontend, (TEMPO_HTTP_PORT,), "queries")
        return
    proxy, tiers = OwnPods(proxied(settings)), tuple(ports(settings).values())
    yield _to("grafana-to-access-proxy", grafana, proxy, tiers, "queries, with the user's token")
    yield _to("access-proxy-to-tempo", proxy, frontend, (TEMPO_HTTP_PORT,), "queries, as the user's tenants")
    issuer = settings.access.issuer_url or ""
    yield Edge(
        name="access-proxy-to-issuer",
        sources=(proxy,),
        targets=peers_of(host_of(issuer), settings),
        ports=ports_of(issuer, settings),
        why="keys that tokens are checked with",
    )


def proxied(settings: StackSettings) -> tuple[str, ...]:
    """Return the workload of the proxy, if there is one."""
    return (ACCESS_PROXY,) if settings.access.mode == "proxy" else ()


def scraper(settings: StackSettings) -> OtherPods:
    """Return who scrapes Tempo, on the port that answers queries.

    With the proxy only Pods with Prometheus' label may, since Grafana is often in the same namespace.
    """
    namespaces = (settings.network.prometheus_namespace,)
    return OtherPods(namespaces, _PROMETHEUS if proxied(settings) else None)


def _to(name: str, source: OtherPods | OwnPods, target: OwnPods, numbers: tuple[int, ...], why: str) -> Edge:
    return Edge(name=name, sources=(source,), targets=(target,), ports=tcp(*numbers), why=why)
