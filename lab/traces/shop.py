"""The load of a small shop: six services, some requests slow, some failing, some with spans that never arrive.

The same seed gives the same requests. Most spans have the names of the current semantic conventions; the service
`catalogue` has an older SDK.
"""

import random

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span

from lab.traces.request import Call, Ids, resource_spans
from lab.traces.spans import Value

_RESOURCE = {
    "service.namespace": "shop",
    "service.version": "1.4.2",
    "deployment.environment.name": "dojo",
}
_USERS = ("ada", "grace", "linus", "dojo-instructor")
# Shares large enough that a load of two minutes at five requests a second shows each case.
_CHECKOUTS, _CHECKOUT_FAILS, _STOCK_IS_SLOW, _PARENT_IS_LOST = 0.4, 0.12, 0.15, 0.05
_CLIENT, _PRODUCER, _CONSUMER = Span.SPAN_KIND_CLIENT, Span.SPAN_KIND_PRODUCER, Span.SPAN_KIND_CONSUMER


class Shop:
    """A source of requests."""

    def __init__(self, seed: int) -> None:
        """Begin the sequence of this seed."""
        self._chance = random.Random(seed)  # noqa: S311 - reproducible, protects nothing

    def requests(self, count: int, end_ns: int) -> ExportTraceServiceRequest:
        """Return so many traces in one OTLP request, all ending at the given time."""
        calls = (self._call() for _ in range(count))
        return ExportTraceServiceRequest(
            resource_spans=[part for call in calls for part in self._parts(call, end_ns)]
        )

    def _parts(self, call: Call, end_ns: int) -> list[ResourceSpans]:
        ids = Ids(trace_id=self._chance.randbytes(16), random_bytes=self._chance.randbytes)
        return resource_spans(call, end_ns - call.duration_ms * 1_000_000, ids, _RESOURCE)

    def _call(self) -> Call:
        return self._checkout() if self._chance.random() < _CHECKOUTS else self._browse()

    def _checkout(self) -> Call:
        chance = self._chance
        fails = chance.random() < _CHECKOUT_FAILS
        stock = chance.randint(30, 90) * (20 if chance.random() < _STOCK_IS_SLOW else 1)
        charge = chance.randint(60, 140) * (3 if fails else 1)
        reserved, charged = 32 + stock + 20, 32 + stock + 24 + charge
        error = "payment declined" if fails else ""
        calls = [
            _through(Call("cart", "GET /cart/{id}", 12, 14, attributes=_http("GET", "/cart/{id}"))),
            self._reservation(32, stock),
            self._payment(reserved + 4, charge, error),
        ]
        if not fails:
            calls.append(_mail(charged + 2))
        return Call(
            "storefront", "POST /checkout", 0, charged + (20 if fails else 60),
            attributes={
                "http.request.method": "POST",
                "http.route": "/checkout",
                "http.response.status_code": 502 if fails else 200,
                "user.id": chance.choice(_USERS),
            },
            error=error, calls=tuple(calls),
        )  # fmt: skip

    def _reservation(self, start: int, stock: int) -> Call:
        query = Call(
            "inventory", "SELECT stock", start + 8, stock, _CLIENT,
            {"db.system.name": "postgresql", "db.namespace": "stock", "server.address": "postgres",
             "db.query.text": "SELECT units FROM stock WHERE owner = 'ada@example.com'"},
        )  # fmt: skip
        lost = self._chance.random() < _PARENT_IS_LOST
        server = Call(
            "inventory", "POST /reserve", start + 2, stock + 16,
            attributes=_http("POST", "/reserve"), calls=(query,), lost=lost,
        )  # fmt: skip
        return _through(server)

    def _payment(self, start: int, charge: int, error: str) -> Call:
        bank = Call(
            "payment", "POST /v1/charges", start + 8, charge - 16, _CLIENT,
            {"http.request.method": "POST", "server.address": "api.bank.example",
             "http.response.status_code": 402 if error else 201,
             "http.request.header.authorization": "Bearer lab-token-0123"},
            error="402 Payment Required" if error else "",
        )  # fmt: skip
        server = Call(
            "payment", "POST /charge", start + 2, charge - 4,
            attributes=_http("POST", "/charge", 500 if error else 200), error=error, calls=(bank,),
        )  # fmt: skip
        return _through(server)

    def _browse(self) -> Call:
        chance = self._chance
        items = chance.randint(1, 4)
        cached = tuple(
            Call("catalogue", "GET item", 5 + item * 3, 2, _CLIENT,
                 {"db.system": "redis", "db.statement": "GET item:4711", "net.peer.name": "redis"})
            for item in range(items)
        )  # fmt: skip
        took = 8 + items * 3 + chance.randint(0, 30)
        catalogue = Call(
            "catalogue", "GET /items", 4, took - 4,
            attributes={"http.method": "GET", "http.target": "/items", "http.status_code": 200}, calls=cached,
        )  # fmt: skip
        client = Call("storefront", "GET", 2, took, _CLIENT, {"server.address": "catalogue"}, calls=(catalogue,))
        return Call(
            "storefront", "GET /products", 0, took + 6,
            attributes={"http.request.method": "GET", "http.route": "/products", "http.response.status_code": 200},
            calls=(client,),
        )  # fmt: skip


def _http(method: str, route: str, status: int = 200) -> dict[str, Value]:
    return {"http.request.method": method, "http.route": route, "http.response.status_code": status}


def _through(server: Call) -> Call:
    """Return the storefront's span around a call of another service."""
    method = str(server.attributes["http.request.method"])
    return Call(
        "storefront", method, server.start_ms - 2, server.duration_ms + 4, _CLIENT,
        {"server.address": server.service}, error=server.error, calls=(server,),
    )  # fmt: skip


def _mail(start: int) -> Call:
    """Return an order that is published, and what the mailer does about it."""
    kafka = {"messaging.system": "kafka", "messaging.destination.name": "orders"}
    smtp = Call("mailer", "SMTP send", start + 20, 26, _CLIENT, {"server.address": "smtp"})
    processed = Call("mailer", "process orders", start + 10, 40, _CONSUMER, kafka, calls=(smtp,))
    return Call("storefront", "send orders", start, 5, _PRODUCER, kafka, calls=(processed,))
