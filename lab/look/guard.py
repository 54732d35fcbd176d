"""Which requests the page's server answers: the reading ones of our own page, to the paths listed here."""

import re
from collections.abc import Mapping
from http import HTTPStatus

# Queries: nothing that writes, deletes, reloads or shows configuration.
TEMPO_PATHS = re.compile(
    r"/api/(search|search/tags|search/tag/[\w.-]+/values|v2/search/tags|v2/search/tag/[\w.-]+/values"
    r"|traces/[0-9a-fA-F]{1,32}|v2/traces/[0-9a-fA-F]{1,32}|metrics/query_range|metrics/query|echo|status/buildinfo)"
)
PROMETHEUS_PATHS = re.compile(
    r"/api/v1/(query|query_range|query_exemplars|series|labels|label/\w+/values|metadata|rules|alerts"
    r"|status/buildinfo)"
)
# Long enough for any query of a dashboard, short enough for every server on the way.
MOST_QUERY_CHARACTERS = 16_384
# What browsers report of a page of ours, and of an address that somebody typed.
_OWN, _TYPED = "same-origin", "none"
Refusal = tuple[HTTPStatus, str]


def refusal(method: str, target: str, headers: Mapping[str, str], port: int) -> Refusal | None:
    """Return why a request is not answered, or None if it may be.

    A foreign page reaches a server on loopback in two ways: by its own DNS name that it points to 127.0.0.1, which
    `Host` tells, and by a request across origins, which `Origin` and `Sec-Fetch-Site` tell.
    """
    own = {f"127.0.0.1:{port}", f"localhost:{port}"}
    origins = {None, *(f"http://{host}" for host in own)}
    foreign = headers.get("Origin") not in origins or headers.get("Sec-Fetch-Site", _OWN) not in {_OWN, _TYPED}
    has_body = "Transfer-Encoding" in headers or headers.get("Content-Length", "0") != "0"
    checks = (
        (
            headers.get("Host") not in own,
            HTTPStatus.MISDIRECTED_REQUEST,
            f"This is http://127.0.0.1:{port} alone.",
        ),
        (foreign, HTTPStatus.FORBIDDEN, "Another site may not ask this server."),
        (method not in {"GET", "HEAD"}, HTTPStatus.METHOD_NOT_ALLOWED, "This server only reads: use GET."),
        (has_body, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "A request has no body here."),
        (
            len(target) > MOST_QUERY_CHARACTERS,
            HTTPStatus.REQUEST_URI_TOO_LONG,
            f"A request has at most {MOST_QUERY_CHARACTERS} characters.",
        ),
    )
    return next(((status, said) for applies, status, said in checks if applies), None)
