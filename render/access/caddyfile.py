"""Caddy's file: what of Tempo's API passes, as whom, and what is written down about it.

oauth2-proxy tells the groups of a valid token in a header, joined by commas. A `map` for each tenant looks for its
groups there, and one more joins the tenants that were found. Of what the client sends only the token decides.
"""

from collections.abc import Sequence

from render.access.tenants import readers
from render.names import (
    ACCESS_HEALTH_PORT,
    ACCESS_LONG_TERM_PORT,
    ACCESS_PORT,
    TEMPO_HTTP_PORT,
    TOKEN_CHECK_PORT,
    service_host,
    tempo_query_host,
)
from render.tempo.config import streams_to_grafana
from render.tenants import long_term_tenants, tenants
from settings.access import Access
from settings.stack import StackSettings

CADDYFILE = "Caddyfile"
# What Grafana's Tempo plugin and Traces Drilldown ask. Not among them: /api/overrides, which changes a
# tenant's limits, and all that is no API: /flush, /shutdown, /status, /metrics, /debug.
_READ = (
    "/api/traces/* /api/v2/traces/* /api/search /api/search/* /api/v2/search/* /api/metrics/query "
    "/api/metrics/query_range /api/metrics/summary /api/echo /api/status/buildinfo"
)
_STREAM = "/tempopb.StreamingQuerier/*"
# A query is a line of text. Only requests of gRPC have a body, which is kept for the log.
_MAX_BODY = "64KB"
# Time for Services to forget the Pod, and for running queries to end, within Kubernetes' 30 seconds.
_SHUTDOWN = ("shutdown_delay 5s", "grace_period 20s")
_TOKEN_CHECK = f"127.0.0.1:{TOKEN_CHECK_PORT}"
_USER, _EMAIL, _GROUPS = (f"X-Auth-Request-{name}" for name in ("User", "Email", "Groups"))
_TENANTS = "{tenants}"


def caddyfile(settings: StackSettings) -> str:
    """Return the file; nothing in it is secret."""
    tiers = [(ACCESS_PORT, tenants(settings)), (ACCESS_LONG_TERM_PORT, long_term_tenants(settings))]
    sites = [_tier(settings, port, of) for port, of in tiers if of]
    return "".join(f"{line}\n" for part in (_options(), *sites, _health()) for line in part)


def _block(head: str, *lines: str) -> list[str]:
    return [f"{head} {{".lstrip(), *(f"\t{line}" for line in lines), "}"]


def _options() -> list[str]:
    # Caddy's other log has the requests that failed, with all headers but Authorization and cookies.
    log, servers = _block("log", *_json("request>headers")), _block("servers", "protocols h1 h2c")
    return _block("", "admin off", "auto_https off", "persist_config off", *_SHUTDOWN, *log, *servers)


def _json(*without: str) -> list[str]:
    fields = _block("fields", *(f"{field} delete" for field in without))
    return _block("format filter", "wrap json", *fields)


def _tier(settings: StackSettings, port: int, of: Sequence[str]) -> list[str]:
    """Return the site of a tier's tenants; its steps are in one route, because Caddy sorts them otherwise."""
    streams = streams_to_grafana(settings)
    steps = (
        *_only_reads(streams=streams),
        *_checked(settings.access),
        *_mapped(readers(settings.access, of)),
        *_block("@nobody", f'vars {_TENANTS} ""'),
        'respond @nobody "None of your groups may read traces here." 403',
        *_forwarded(settings, streams=streams),
    )
    log = _block("log", "output stdout", *_json("request>headers", "resp_headers"))
    return _block(f"http://:{port}", *log, *_block("route", *steps))


def _only_reads(*, streams: bool) -> list[str]:
    """Refuse all that is no query; Caddy compares a path after it has resolved dots, slashes and escapes in it."""
    others = _block("not", "method GET", f"path {_READ}")
    if streams:
        others += _block("not", "method POST", f"path {_STREAM}")
    refused = _block("@refused", *others)
    odd = _block("@odd", "expression `{path}.contains('//') || {path}.contains('..')`")
    return [
        *refused,
        'respond @refused "Only queries pass." 403',
        *odd,
        'respond @odd "No path of the API has these characters." 403',
    ]


def _checked(access: Access) -> list[str]:
    """Ask oauth2-proxy about the token, and note who asks what; its answer goes to the client if it is a refusal.

    The request's own headers of these names are gone before: Caddy deletes what it copies from the answer. The
    cookie of a login would be another way in, and there is no login.
    """
    tokens = {"access": [], "id": ['header_up Authorization "Bearer {http.request.header.X-Id-Token}"']}
    return [
        *_block("request_body", f"max_size {_MAX_BODY}"),
        # The angle bracket: at once, since nothing is left of the body when it has been passed on.
        "log_append <grpc_request {http.request.body_base64}",
        *_block(
            f"forward_auth {_TOKEN_CHECK}",
            "uri /oauth2/auth",
            *tokens[access.token],
            "header_up -Cookie",
            f"copy_headers {_USER} {_EMAIL} {_GROUPS}",
        ),
        f"log_append user {{http.request.header.{_USER}}}",
        f"log_append email {{http.request.header.{_EMAIL}}}",
        f"log_append tenants {_TENANTS}",
    ]


def _mapped(tenants_of: dict[str, list[str]]) -> list[str]:
    """Set `{tenants}` to the tenants that the user's groups may read, joined by `|`; empty for none."""
    found: list[str] = []
    for number, (tenant, groups) in enumerate(tenants_of.items(), start=1):
        found += _block(
            f"map {{http.request.header.{_GROUPS}}} {{reads_{number}}}",
            f'"~(^|,)({"|".join(map(_literal, groups))})(,|$)" "{tenant}|"',
            'default ""',
        )
    each = "".join(f"{{reads_{number}}}" for number in range(1, len(tenants_of) + 1))
    return [*found, *_block(f'map "{each}" {_TENANTS}', '"~^(.+)[|]$" "${1}"', 'default ""')]


def _literal(group: str) -> str:
    """Return the regular expression of a group's name, of whose characters only these two mean something."""
    return group.replace(".", "[.]").replace("+", "[+]")


def _forwarded(settings: StackSettings, *, streams: bool) -> list[str]:
    """Pass the request on as its tenants; the token stays here.

    Only `header_up` comes after Caddy has dropped the headers that `Connection` names.
    """
    host = service_host(tempo_query_host(settings.tempo.deployment_mode), settings.environment.namespace)
    tempo = f"{host}:{TEMPO_HTTP_PORT}"
    headers = [
        f"header_up X-Scope-OrgID {_TENANTS}",
        *(f"header_up -{name}" for name in ("Authorization", "X-Id-Token", "Cookie", "X-Auth-Request-*")),
    ]
    stream = [*_block("@stream", f"path {_STREAM}"), *_block(f"reverse_proxy @stream h2c://{tempo}", *headers)]
    return [*(stream if streams else ()), *_block(f"reverse_proxy {tempo}", *headers)]


def _health() -> list[str]:
    """Return the site of the probes: Caddy is alive, and oauth2-proxy has the issuer's keys."""
    steps = ("respond /live 200", f"reverse_proxy /ready {_TOKEN_CHECK}", "respond 404")
    return _block(f"http://:{ACCESS_HEALTH_PORT}", *_block("route", *steps))
