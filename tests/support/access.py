"""Stacks whose traces are read through the access proxy."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

ISSUER = "https://login.example.com/realms/fawkes"
# The versions that the tests of tools build.
IMAGES: dict[str, Any] = {
    "images.oauth2_proxy": {"repository": "quay.io/oauth2-proxy/oauth2-proxy", "tag": "v7.15.6"},
    "images.caddy": {"repository": "docker.io/library/caddy", "tag": "2.11.9-alpine"},
}
PROXY: dict[str, Any] = {
    "mode": "proxy",
    "issuer_url": ISSUER,
    "audience": "grafana",
    "groups": [
        {"members_of": "portal", "tenants": ["backstage", "backstage-long-term"]},
        {"members_of": "/delivery/c++ team", "tenants": ["argocd", "jenkins"]},
        {"members_of": "everybody@example.com", "tenants": ["shared"]},
    ],
    "admin_groups": ["admins"],
}


def proxied(changes: Mapping[str, Any] = MappingProxyType({})) -> dict[str, Any]:
    """Return the changes of prod that put the proxy in front of Tempo, and further ones."""
    return {"access": dict(PROXY), **IMAGES, **changes}


# Changes that give the dojo tenants to keep apart.
BY_NAMESPACE: dict[str, Any] = {"tenants.mode": "by_namespace", "tenants.namespaces": ["backstage"]}
