"""Spans as instrumented services send them: one trace of ten spans, in four services.

A checkout passes a storefront, a cart (which asks Redis), a payment (which asks PostgreSQL and publishes a
message) and an inventory (which consumes it). Each span has about a dozen attributes, each resource those of an
SDK and of the agent.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from bench.gateway.attributes import Attributes, attributes_of, database, http_client, http_server, messaging

SPANS_A_TRACE = 10
_MS = 1_000_000
_BEGIN = 1_790_000_000 * 1000 * _MS
_STACK = "\n".join(
    f"\tat com.example.shop.payment.{owner}.{verb}({owner}.java:{line})"
    for owner in ("Ledger", "Gateway", "Charge")
    for line, verb in enumerate(("run", "call", "retry", "open", "send", "read"), 100)
)


@dataclass(frozen=True)
class Template:
    """A span of the trace: where it is sent from, what it is, and its attributes for one request."""

    service: str
    scope: str
    name: str
    kind: Span.SpanKind.ValueType
    number: int
    parent: int
    attributes: Attributes
    fails: bool = False


_TOMCAT, _CLIENT = "io.opentelemetry.tomcat-10.0", "io.opentelemetry.java-http-client"
_JDBC, _LETTUCE, _KAFKA = (
    "io.opentelemetry.jdbc",
    "io.opentelemetry.lettuce-5.1",
    "io.opentelemetry.kafka-clients-2.6",
)
_SELECT = "SELECT id, total FROM orders WHERE customer_id = {id} AND state = 'open' ORDER BY created DESC LIMIT 20"
_UPDATE = "UPDATE stock SET reserved = reserved + 1 WHERE article = '{id}' AND warehouse = 7"
_SERVER, _CALL = Span.SPAN_KIND_SERVER, Span.SPAN_KIND_CLIENT
_PUBLISH, _PROCESS = Span.SPAN_KIND_PRODUCER, Span.SPAN_KIND_CONSUMER
_CHECKOUT, _CART, _CHARGE = "/checkout/{id}", "/cart/{id}", "/charge/{id}"
TRACE: Sequence[Template] = (
    Template(
        "storefront", _TOMCAT, f"POST {_CHECKOUT}", _SERVER, 1, 0, http_server("POST", _CHECKOUT), fails=True
    ),
    Template("storefront", _CLIENT, "GET", _CALL, 2, 1, http_client("GET", "cart", _CART)),
    Template("storefront", _CLIENT, "POST", _CALL, 3, 1, http_client("POST", "payment", _CHARGE), fails=True),
    Template("cart", _TOMCAT, f"GET {_CART}", _SERVER, 4, 2, http_server("GET", _CART)),
    Template("cart", _LETTUCE, "HGETALL", _CALL, 5, 4, database("redis", "HGETALL", "HGETALL cart:{id}")),
    Template("payment", _TOMCAT, f"POST {_CHARGE}", _SERVER, 6, 3, http_server("POST", _CHARGE), fails=True),
    Template(
        "payment", _JDBC, "SELECT orders", _CALL, 7, 6, database("postgresql", "SELECT", _SELECT), fails=True
    ),
    Template("payment", _KAFKA, "orders.paid publish", _PUBLISH, 8, 6, messaging("publish")),
    Template("inventory", _KAFKA, "orders.paid process", _PROCESS, 9, 8, messaging("process")),
    Template("inventory", _JDBC, "UPDATE stock", _CALL, 10, 9, database("postgresql", "UPDATE", _UPDATE)),
)
SERVICES = tuple(dict.fromkeys(template.service for template in TRACE))


def span_of(template: Template, trace_id: bytes, chance: random.Random, *, failed: bool) -> Span:
    """Return one span of a trace; in a failed trace four spans have the status ERROR, and one has an exception."""
    error = failed and template.fails
    span = Span(
        trace_id=trace_id,
        span_id=template.number.to_bytes(8, "big"),
        parent_span_id=template.parent.to_bytes(8, "big") if template.parent else b"",
        name=template.name,
        kind=template.kind,
        start_time_unix_nano=_BEGIN + template.number * _MS,
        end_time_unix_nano=_BEGIN + (template.number + 40) * _MS,
        attributes=attributes_of(template.attributes(chance)),
        status=Status(code=Status.STATUS_CODE_ERROR, message="connection refused") if error else None,
    )
    if error and template.scope == _JDBC:
        span.events.append(_exception(chance))
    return span


def _exception(chance: random.Random) -> Span.Event:
    """Return an exception with a stack trace of about 1.5 kB."""
    return Span.Event(
        name="exception",
        time_unix_nano=_BEGIN + 30 * _MS,
        attributes=attributes_of(
            {
                "exception.type": "java.sql.SQLTransientConnectionException",
                "exception.message": f"shop-pool-{chance.randrange(9)} - Connection is not available",
                "exception.stacktrace": f"java.sql.SQLTransientConnectionException: request timed out\n{_STACK}",
            }
        ),
    )


def scope_of(name: str) -> InstrumentationScope:
    """Return the scope of one instrumentation library."""
    return InstrumentationScope(name=name, version="2.9.0-alpha")


def resource_of(service: str, namespace: str) -> Resource:
    """Return the resource of a Pod as the agent passes it on: eleven attributes of an SDK, eight of the agent."""
    pod = f"{service}-7d9f8b6c5-x2x{len(service)}"
    return Resource(
        attributes=attributes_of(
            {
                "service.name": service,
                "service.version": "1.4.2",
                "service.instance.id": "627cc493-f310-47de-96bd-71410b7dec09",
                "deployment.environment.name": "production",
                "telemetry.sdk.name": "opentelemetry",
                "telemetry.sdk.language": "java",
                "telemetry.sdk.version": "1.43.0",
                "host.name": pod,
                "os.type": "linux",
                "process.pid": 1,
                "process.runtime.name": "OpenJDK Runtime Environment",
                "k8s.namespace.name": namespace,
                "k8s.pod.name": pod,
                "k8s.pod.uid": "275ecb36-5aa8-4c2a-9c47-d8bb681b9aff",
                "k8s.deployment.name": service,
                "k8s.node.name": "ip-10-0-3-17.eu-west-1.compute.internal",
                "k8s.container.name": service,
                "k8s.pod.start_time": "2026-11-26T08:00:00Z",
                "k8s.cluster.name": "fawkes-prod",
            }
        )
    )
