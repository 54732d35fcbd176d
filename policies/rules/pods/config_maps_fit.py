"""ConfigMaps fit into the cluster's store."""

from collections.abc import Iterator

from pydantic import Field

from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

# A value that is unknown at the preview comes from AWS: an ARN, which has at most 2048 characters, or an id.
_UNKNOWN_BYTES = 2048


class SizeBounds(Bounds):
    """How large a ConfigMap may be."""

    max_bytes: int = Field(
        1_000_000, ge=1, description="Largest sum of keys and values; the API server refuses more than 1 MiB."
    )


def check(config_map: Resource, bounds: SizeBounds) -> Iterator[str]:
    """Yield a ConfigMap that the API server would refuse in the middle of an update."""
    values = {**config_map["data"].fields(), **config_map["binaryData"].fields()}
    size = sum(
        len(key) + (_UNKNOWN_BYTES if value.is_unknown else len(value.text().encode()))
        for key, value in values.items()
    )
    if size > bounds.max_bytes:
        yield f"The ConfigMap has {size} bytes; the largest size is {bounds.max_bytes}."


RULE = ResourceRule(
    name="config-maps-fit-the-api",
    promise="No ConfigMap is refused by the API server for its size in the middle of an update.",
    severity=Severity.MEDIUM,
    to_do="Shorten it, for instance the overrides of tenants, or split it.",
    bounds=SizeBounds,
    types=("kubernetes:core/v1:ConfigMap",),
    check=check,
)
