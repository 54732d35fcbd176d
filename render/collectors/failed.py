"""Sampling policies that recognize a failed trace: one for the span status, one for what else counts."""

from collections.abc import Iterator, Sequence
from typing import get_args

from render.text import Config
from settings.sampling import Failed, GrpcCode

ERRORS, FAILED_WITHOUT_STATUS = "errors", "failed-without-status"
# Old and new attribute names.
_HTTP_STATUSES = ("http.response.status_code", "http.status_code")
_FIRST_SERVER_ERROR, _AFTER_SERVER_ERRORS = 500, 600
_GRPC_NUMBER, _GRPC_NAME = "rpc.grpc.status_code", "rpc.response.status_code"


def failed_policies(failed: Failed) -> list[Config]:
    """Return the policies of which one keeps every failed trace; the one on span status always exists."""
    status: Config = {"name": ERRORS, "type": "status_code", "status_code": {"status_codes": ["ERROR"]}}
    events = ['name == "exception"'] if failed.exception_events else []
    spans = [*_http(failed), *_grpc(failed)]
    if not spans and not events:
        return [status]
    # `ignore`: a condition on an attribute of another type is false, and the other conditions still count.
    conditions = {"error_mode": "ignore", "span": spans, "spanevent": events}
    given = {key: value for key, value in conditions.items() if value}
    return [status, {"name": FAILED_WITHOUT_STATUS, "type": "ottl_condition", "ottl_condition": given}]


def _http(failed: Failed) -> Iterator[str]:
    if failed.http_server_errors:
        for key in _HTTP_STATUSES:
            value = f'attributes["{key}"]'
            yield f"{value} >= {_FIRST_SERVER_ERROR} and {value} < {_AFTER_SERVER_ERRORS}"


def _grpc(failed: Failed) -> Iterator[str]:
    names = get_args(GrpcCode)
    if failed.grpc_codes:
        yield _any_of(_GRPC_NUMBER, [str(names.index(code) + 1) for code in failed.grpc_codes])
        yield _any_of(_GRPC_NAME, [f'"{code}"' for code in failed.grpc_codes])


def _any_of(key: str, values: Sequence[str]) -> str:
    """Return a condition that looks for an attribute once in the spans that lack it, which are most."""
    value = f'attributes["{key}"]'
    return f"{value} != nil and ({' or '.join(f'{value} == {one}' for one in values)})"
