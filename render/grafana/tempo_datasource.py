"""A datasource of Grafana's Tempo plugin."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from render.grafana import uids
from render.grafana.correlations import traces_to_logs, traces_to_metrics, traces_to_profiles
from render.names import ACCESS_PROXY, TEMPO_HTTP_PORT, service_host, tempo_query_host
from render.tempo.config import streams_to_grafana
from render.text import Config
from settings.stack import StackSettings

_TENANT_HEADER = "X-Scope-OrgID"
# What the plugin offers as the time range in which it looks for names and values of attributes, in seconds.
_TAG_RANGES = (1800, 10_800, 86_400, 259_200, 604_800)
# A day: with the plugin's own half an hour a quiet environment offers nothing to choose, and a week of blocks
# takes seconds to answer for every key that somebody types.
_LONGEST_TAG_RANGE = 86_400
# The plugin's default.
_TAG_LIMIT = 5_000
# Added before and after the chosen time range when a trace is fetched by its id. Without a range Tempo asks every
# block of the tenant. A day covers a trace that began before the range, and an id that somebody sends on.
_TRACE_SHIFT = "24h"


@dataclass(frozen=True)
class Endpoint:
    """Where a datasource sends its queries, and as whom.

    - `url`: scheme, host and port without a path, which the plugin's gRPC client would not find.
    - `headers`: sent with every query. Grafana keeps their values as secrets.
    - `streams`: whether it answers gRPC on this port, without which streamed queries fail.
    - `pass_user_token`: pass on the token that the user logged in with.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    streams: bool = False
    pass_user_token: bool = False


def frontend(settings: StackSettings, tenants: str) -> Endpoint:
    """Return Tempo's own endpoint for queries of `tenants`, joined by `|`; empty without tenancy.

    Its HTTP port is plaintext whatever `tls.otlp` says (see `render.tls.tempo_server_tls`).
    """
    host = service_host(tempo_query_host(settings.tempo.deployment_mode), settings.environment.namespace)
    headers = {_TENANT_HEADER: tenants} if tenants else {}
    return Endpoint(f"http://{host}:{TEMPO_HTTP_PORT}", headers, streams=streams_to_grafana(settings))


def access_proxy(settings: StackSettings, port: int) -> Endpoint:
    """Return the access proxy's endpoint for one tier, which reads the tenants from the user's token."""
    host = service_host(ACCESS_PROXY, settings.environment.namespace)
    return Endpoint(f"http://{host}:{port}", streams=streams_to_grafana(settings), pass_user_token=True)


def tempo_datasource(settings: StackSettings, endpoint: Endpoint, *, name: str, uid: str) -> Config:
    """Return the datasource in the shape of Grafana's API; every variant of Tempo is made here."""
    found: Config = {
        "name": name,
        "type": "tempo",
        "uid": uid,
        "access": "proxy",
        "url": endpoint.url,
        "editable": False,
        "jsonData": {
            **_headers(endpoint),
            **({"oauthPassThru": True} if endpoint.pass_user_token else {}),
            "streamingEnabled": {"search": endpoint.streams, "metrics": endpoint.streams},
            **_service_map(settings),
            "nodeGraph": {"enabled": True},
            "search": {"hide": False, "filters": _filters()},
            "tracesToLogsV2": traces_to_logs(settings),
            **traces_to_metrics(settings),
            **traces_to_profiles(settings),
            "traceQuery": {
                "timeShiftEnabled": True,
                "spanStartTimeShift": _TRACE_SHIFT,
                "spanEndTimeShift": _TRACE_SHIFT,
            },
            "spanBar": {"type": "Duration"},
            "timeRangeForTags": _tag_range(settings),
            "tagLimit": _TAG_LIMIT,
        },
    }
    if endpoint.headers:
        values = enumerate(endpoint.headers.values(), start=1)
        found["secureJsonData"] = {f"httpHeaderValue{number}": value for number, value in values}
    return found


def _headers(endpoint: Endpoint) -> Config:
    return {f"httpHeaderName{number}": name for number, name in enumerate(endpoint.headers, start=1)}


def _service_map(settings: StackSettings) -> Config:
    """Return the datasource of service graphs, which Tempo makes only for a Prometheus."""
    if settings.grafana.prometheus_url is None:
        return {}
    return {"serviceMap": {"datasourceUid": uids.PROMETHEUS}}


def _filters() -> list[Config]:
    """Return what the search form offers at first: the plugin's own two, and the namespace."""
    return [
        {"id": "service-name", "tag": "service.name", "operator": "=", "scope": "resource"},
        {"id": "span-name", "tag": "name", "operator": "=", "scope": "span"},
        {"id": "namespace", "tag": "k8s.namespace.name", "operator": "=", "scope": "resource"},
    ]


def _tag_range(settings: StackSettings) -> int:
    """Return the longest range that is offered, within the retention and a day."""
    longest = min(settings.retention.detailed_hours * 3600, _LONGEST_TAG_RANGE)
    return max((one for one in _TAG_RANGES if one <= longest), default=_TAG_RANGES[0])
