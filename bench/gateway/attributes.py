"""Attributes of the benchmark's spans: names of the semantic conventions, values that differ from span to span."""

import random
from collections.abc import Callable, Mapping

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

Value = str | int | bool
# Makes the attributes of one span.
Attributes = Callable[[random.Random], Mapping[str, Value]]
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0"


def attributes_of(values: Mapping[str, Value]) -> list[KeyValue]:
    """Return OTLP attributes of plain values."""
    return [KeyValue(key=key, value=_any(value)) for key, value in values.items()]


def _any(value: Value) -> AnyValue:
    if isinstance(value, bool):
        return AnyValue(bool_value=value)
    return AnyValue(int_value=value) if isinstance(value, int) else AnyValue(string_value=value)


def http_server(method: str, route: str) -> Attributes:
    """Return the attributes of a request that a service answers."""
    return lambda chance: {
        "http.request.method": method,
        "http.route": route,
        "url.scheme": "https",
        "url.path": route.replace("{id}", _id(chance)),
        "server.address": "shop.example.com",
        "server.port": 443,
        "client.address": _address(chance),
        "network.protocol.version": "1.1",
        "network.peer.address": _address(chance),
        "network.peer.port": chance.randrange(30000, 60000),
        "http.response.status_code": 200,
        "user_agent.original": _BROWSER,
        "thread.id": chance.randrange(200),
        "thread.name": f"http-nio-8080-exec-{chance.randrange(200)}",
    }


def http_client(method: str, host: str, path: str) -> Attributes:
    """Return the attributes of a request that a service sends."""
    return lambda chance: {
        "http.request.method": method,
        "url.full": f"http://{host}:8080{path.replace('{id}', _id(chance))}?page={chance.randrange(9)}",
        "server.address": host,
        "server.port": 8080,
        "network.protocol.version": "1.1",
        "network.peer.address": _address(chance),
        "network.peer.port": 8080,
        "http.response.status_code": 200,
        "http.request.resend_count": 0,
        "order.id": f"A-{chance.randrange(10**8):08d}",
        "thread.id": chance.randrange(200),
        "thread.name": f"http-nio-8080-exec-{chance.randrange(200)}",
    }


def database(system: str, operation: str, statement: str) -> Attributes:
    """Return the attributes of a database call."""
    return lambda chance: {
        "db.system.name": system,
        "db.namespace": "shop",
        "db.operation.name": operation,
        "db.collection.name": "orders",
        "db.query.text": statement.replace("{id}", _id(chance)),
        "db.query.summary": f"{operation} orders",
        "db.response.returned_rows": chance.randrange(50),
        "server.address": f"{system}.data.svc.cluster.local",
        "server.port": 5432,
        "network.peer.address": _address(chance),
        "thread.id": chance.randrange(200),
        "thread.name": f"http-nio-8080-exec-{chance.randrange(200)}",
    }


def messaging(operation: str) -> Attributes:
    """Return the attributes of a message sent or received."""
    return lambda chance: {
        "messaging.system": "kafka",
        "messaging.destination.name": "orders.paid",
        "messaging.operation.name": operation,
        "messaging.operation.type": operation,
        "messaging.message.id": f"{chance.getrandbits(64):016x}",
        "messaging.kafka.message.offset": chance.randrange(10**7),
        "messaging.destination.partition.id": str(chance.randrange(12)),
        "messaging.client.id": f"payment-{chance.randrange(8)}",
        "messaging.message.body.size": chance.randrange(4000),
        "server.address": "kafka.data.svc.cluster.local",
        "server.port": 9092,
        "thread.name": f"kafka-producer-network-thread-{chance.randrange(8)}",
    }


def _id(chance: random.Random) -> str:
    return str(chance.randrange(10**6))


def _address(chance: random.Random) -> str:
    return f"10.0.{chance.randrange(256)}.{chance.randrange(256)}"
