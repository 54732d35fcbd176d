"""A trace full of random secrets, each planted in one place: a leaked one identifies its place."""

import base64
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, InstrumentationScope, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from tests.cluster.traffic import RUN

# These must be stored exactly as sent. The numbers have the length of card numbers but are none.
HARMLESS: Mapping[str, AnyValue] = {
    "http.request.method": AnyValue(string_value="GET"),
    "http.route": AnyValue(string_value="/orders/{id}/confirm"),
    "http.response.status_code": AnyValue(int_value=502),
    "order.created_unix_ms": AnyValue(int_value=1763836800123),
    "order.created_unix_ns": AnyValue(string_value="1763836800123456789"),
    "order.share": AnyValue(double_value=0.25),
    "order.gift": AnyValue(bool_value=True),
    "upstream.trace_id": AnyValue(string_value="4bf92f3577b34da6a3ce929d0e0e4736"),
    "tags": AnyValue(array_value=ArrayValue(values=[AnyValue(string_value="red"), AnyValue(string_value="blue")])),
}
# The statement and the path after scrubbing, without their literals and credentials.
SCRUBBED_STATEMENT = "SELECT name FROM orders WHERE owner = ? AND total > ?"
PATH = "shop.example/orders/42/confirm"
_HARMLESS_QUERY = "page=2"


@dataclass
class Planter:
    """Creates secrets, and remembers where each is planted."""

    planted: dict[str, str] = field(default_factory=dict)
    _where: str = ""

    def at(self, where: str) -> "Planter":
        """Plant the next secrets at this place."""
        self._where = where
        return self

    def token(self) -> str:
        """Return a random word that matches no pattern of scrubbing."""
        return self._note(secrets.token_hex(12))

    def card(self, separator: str = "") -> str:
        """Return a card number, which must not be readable in this grouping."""
        groups = ["4539", *(f"{secrets.randbelow(10_000):04}" for _ in range(3))]
        return self._note(separator.join(groups))

    def amount(self) -> str:
        """Return a number in an SQL statement."""
        return self._note(str(10**9 + secrets.randbelow(10**9)))

    def basic(self) -> str:
        """Return a user and password, encoded for HTTP basic authentication."""
        return self._note(base64.b64encode(f"ada:{secrets.token_hex(12)}".encode()).decode())

    def _note(self, secret: str) -> str:
        self.planted[secret] = self._where
        return secret


def _text(make: Callable[[Planter], str]) -> Callable[[Planter], AnyValue]:
    return lambda planter: AnyValue(string_value=make(planter))


def _list(make: Callable[[Planter], str]) -> Callable[[Planter], AnyValue]:
    return lambda planter: AnyValue(array_value=ArrayValue(values=[AnyValue(string_value=make(planter))]))


def _statement(planter: Planter) -> str:
    return f"SELECT name FROM orders WHERE owner = '{planter.token()}' AND total > {planter.amount()}"  # noqa: S608 - no database reads it


def _url(planter: Planter) -> str:
    login, key = f"ada:{planter.token()}@", f"api_key={planter.token()}"
    return f"https://{login}{PATH}?{key}&{_HARMLESS_QUERY}"


# Attribute names of older and of newer instrumentation, and their values.
ATTRIBUTES: Mapping[str, Callable[[Planter], AnyValue]] = {
    "http.request.header.authorization": _list(lambda plant: f"Bearer {plant.token()}"),
    "authorization": _text(lambda plant: f"Bearer {plant.token()}"),
    "http.request.header.proxy_authorization": _text(lambda plant: f"Basic {plant.basic()}"),
    "http.request.header.cookie": _list(lambda plant: f"sid={plant.token()}; theme=dark"),
    "http.response.header.set_cookie": _text(lambda plant: f"sid={plant.token()}; Path=/"),
    "http.request.header.x-api-key": _list(Planter.token),
    "http.request.header.x_api_key": _text(Planter.token),
    "db.statement": _text(_statement),
    "db.query.text": _text(_statement),
    "db.query.parameter.owner": _text(Planter.token),
    "http.url": _text(_url),
    "url.full": _text(_url),
    "http.target": _text(lambda plant: f"/orders/42/confirm?token={plant.token()}&page=2"),
    "url.query": _text(lambda plant: f"password={plant.token()}&page=2"),
    "user.email": _text(lambda plant: f"{plant.token()}@example.com"),
    "message.to": _text(lambda plant: f"mail to {plant.token()}@example.com and {plant.token()}%40example.com"),
    "payment.plain": _text(Planter.card),
    "payment.grouped": _text(lambda plant: f"card {plant.card(' ')} or {plant.card('-')}"),
    "payment.number": lambda plant: AnyValue(int_value=int(plant.card())),
    "log.line": _text(lambda plant: f'retry with "Authorization: Bearer {plant.token()}", secret={plant.token()}'),
}


def _sentence(planter: Planter) -> str:
    """Return a name or message as a careless program writes it."""
    return (
        f"GET /pay?token={planter.token()} of {planter.token()}@example.com with card {planter.card(' ')}: "
        f"Bearer {planter.token()}"
    )


def _duplicate_key(planter: Planter) -> str:
    """Return a database error as object mappers report it: with the statement, over several lines."""
    return f"duplicate key in [SQL: INSERT INTO users\nVALUES ('{planter.token()}')]"


def _status(planter: Planter) -> str:
    """Return a span status as SDKs set it after an exception: the exception's message."""
    return f"{_duplicate_key(planter)} {_sentence(planter)}"


@dataclass(frozen=True)
class PlantedTrace:
    """A request with one span; `secrets` maps each secret to its place."""

    run: str
    trace_id: str
    span: Span
    request: ExportTraceServiceRequest
    secrets: Mapping[str, str]


def planted_trace() -> PlantedTrace:
    """Return a failed trace with a secret in every place that scrubbing must reach."""
    planter, run = Planter(), secrets.token_hex(8)
    now = time.time_ns()
    span = Span(
        trace_id=secrets.token_bytes(16),
        span_id=secrets.token_bytes(8),
        name=_sentence(planter.at("span name")),
        start_time_unix_nano=now - 5_000_000,
        end_time_unix_nano=now,
        attributes=[
            KeyValue(key=RUN, value=AnyValue(string_value=run)),
            *_attributes(planter, "span"),
            *_harmless(),
        ],
        events=[_event(planter, now)],
        status=Status(code=Status.STATUS_CODE_ERROR, message=_status(planter.at("status message"))),
    )
    resource = Resource(attributes=[KeyValue(key="service.name", value=AnyValue(string_value="shop"))])
    resource.attributes.extend(_attributes(planter, "resource"))
    scope = InstrumentationScope(name="shop.http", attributes=_attributes(planter, "scope"))
    spans = ScopeSpans(scope=scope, spans=[span])
    request = ExportTraceServiceRequest(resource_spans=[ResourceSpans(resource=resource, scope_spans=[spans])])
    return PlantedTrace(run, span.trace_id.hex(), span, request, planter.planted)


def _attributes(planter: Planter, place: str) -> list[KeyValue]:
    return [KeyValue(key=key, value=make(planter.at(f"{place} {key}"))) for key, make in ATTRIBUTES.items()]


def _harmless() -> list[KeyValue]:
    return [KeyValue(key=key, value=value) for key, value in HARMLESS.items()]


def _event(planter: Planter, time_ns: int) -> Span.Event:
    message = planter.at("event exception.message")
    quoted = f"{_duplicate_key(message)}, {_sentence(message)}"
    trace = planter.at("event exception.stacktrace")
    stack = f'  File "shop.py", line 7\nValueError: {_sentence(trace)}'
    exception = {"exception.message": quoted, "exception.stacktrace": stack}
    return Span.Event(
        time_unix_nano=time_ns - 1_000_000,
        name=_sentence(planter.at("event name")),
        attributes=[
            *(KeyValue(key=key, value=AnyValue(string_value=value)) for key, value in exception.items()),
            *_attributes(planter, "event"),
        ],
    )
