"""AWS resources carry the platform's tags."""

from collections.abc import Iterator

from pydantic import Field

from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity


class TagBounds(Bounds):
    """Which tags everything carries."""

    required: tuple[str, ...] = Field(
        ("Project", "Environment", "Team"), description="Tags with a value, by which costs are allocated."
    )


def check(resource: Resource, bounds: TagBounds) -> Iterator[str]:
    """Yield a resource that has a tag neither of its own nor from its provider."""
    defaults = resource.provider["defaultTags"]
    # The provider's configuration has nested values as texts of JSON.
    decoded = defaults.json() if isinstance(defaults.value, str) else defaults
    tags = _texts(decoded["tags"]) | _texts(resource["tags"])
    if missing := [tag for tag in bounds.required if not tags.get(tag)]:
        yield f"The resource lacks the tags {', '.join(missing)}."


def _texts(tags: Property) -> dict[str, str]:
    return {name: value.text() for name, value in tags.fields().items()}


RULE = ResourceRule(
    name="aws-resources-carry-tags",
    promise="Every AWS resource says what it belongs to, in which environment, and whose cost it is.",
    severity=Severity.LOW,
    to_do="Set the tags in defaultTags of its provider.",
    bounds=TagBounds,
    types=("aws:*",),
    check=check,
)
