"""Kubernetes objects: their kinds, names, namespaces and labels, and what a label selector selects."""

from collections.abc import Mapping

from policies.network.selectors import MalformedError, matches
from policies.property import Property
from policies.resources import Resource
from policies.unjudged import UnjudgedError

# Every Kubernetes object, of whatever kind.
OBJECTS = ("kubernetes:*",)


def kind(object_: Resource) -> str:
    """Return the kind of an object: `Deployment`."""
    return object_.type.rpartition(":")[2]


def name(object_: Resource) -> str:
    """Return the name of an object; UnjudgedError if it is missing or unknown."""
    return object_["metadata"]["name"].text()


def namespace(object_: Resource) -> str:
    """Return the namespace of an object, '' if it names none."""
    return object_["metadata"]["namespace"].text("")


def labels(metadata: Property) -> dict[str, str]:
    """Return the labels in an object's or a template's metadata."""
    return {key: value.text() for key, value in metadata["labels"].fields().items()}


def selects(selector: Property, of: Mapping[str, str]) -> bool:
    """Return whether a LabelSelector selects what has these labels; an empty one selects everything."""
    plain = {name: value.plain() for name, value in selector.fields().items()}
    try:
        return matches(plain, of)
    # What is neither a mapping nor a list where one belongs is met by an AttributeError or a TypeError.
    except (MalformedError, AttributeError, TypeError):
        raise UnjudgedError(f"{selector.path} is not a label selector") from None
