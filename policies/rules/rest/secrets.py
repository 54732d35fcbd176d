"""Secrets are in Secrets."""

from collections.abc import Iterator

from policies.pods import WORKLOADS, containers, name_of
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.secrets import is_secret_name, secrets_in

_CONFIG_MAP = "kubernetes:core/v1:ConfigMap"


def check(resource: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each secret in a container's variables, or in a ConfigMap; a value itself is never shown."""
    if resource.type == _CONFIG_MAP:
        yield from _config_map(resource)
        return
    for container in containers(resource):
        for variable in container["env"].items():
            name, value = variable["name"].text(), variable["value"]
            # An unknown value cannot be looked into, but a name says enough.
            holds = is_secret_name(name) or (not value.is_unknown and bool(secrets_in(value.text(""))))
            if holds and (value.is_unknown or value.text("")):
                yield f"{name_of(container)} has the secret {name} as plain text."
            elif is_secret_name(name) and not variable["valueFrom"]["configMapKeyRef"].is_missing:
                yield f"{name_of(container)} takes the secret {name} from a ConfigMap."


def _config_map(resource: Resource) -> Iterator[str]:
    for name, file in resource["data"].fields().items():
        if is_secret_name(name):
            yield f"The ConfigMap holds the secret {name}."
        elif not file.is_unknown:
            yield from (
                f"File {name} of the ConfigMap holds {found} as plain text." for found in secrets_in(file.text())
            )


RULE = ResourceRule(
    name="secrets-stay-in-secrets",
    promise="No password, key or token is in a ConfigMap or in the plain variables of a Pod.",
    severity=Severity.CRITICAL,
    to_do="Put it into a Secret, and refer to it by secretKeyRef, or by ${NAME} in a file.",
    controls=("NSA C-0012", "CIS Kubernetes 1.12 5.4.1"),
    types=(*WORKLOADS, _CONFIG_MAP),
    check=check,
)
