"""Ports by the names that containers and Services give them."""

from render.names import OTLP_GRPC_PORT, OTLP_HTTP_PORT

OTLP_PORTS = {"otlp-grpc": OTLP_GRPC_PORT, "otlp-http": OTLP_HTTP_PORT}
