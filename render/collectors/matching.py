"""Sampling policies that match traces by exact values of an attribute, of a span or of its resource."""

from collections.abc import Sequence

from render.collectors.common import literal
from render.text import Config

SERVICE_ATTRIBUTE = "service.name"
# Old and new attribute names; SDKs of both generations send to the same gateway.
USER_ATTRIBUTES = ("user.id", "enduser.id")
PATH_ATTRIBUTES = ("http.route", "url.path", "http.target")


def matching(name: str, key: str, values: Sequence[str]) -> Config:
    """Return a policy for traces with a span that has one of these values."""
    texts = [literal(value) for value in values]
    return {"name": name, "type": "string_attribute", "string_attribute": {"key": key, "values": texts}}
