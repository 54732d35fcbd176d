"""The resources of a stack as rules see them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from policies.property import Property, Special


@dataclass(frozen=True)
class Resource:
    """One resource.

    `properties` are the inputs in a `ResourceRule`, and the outputs in a `StackRule`. `parent` is an URN.
    `depends_on` has the URNs of the resources that each property was computed from, also if its value is unknown;
    the engine tells it to a `StackRule` only. `provider` has the inputs of its provider.
    `ignored` has the paths of inputs that count only when the resource is created: `spec.replicas`.
    """

    urn: str
    type: str
    name: str
    properties: Property
    is_protected: bool = False
    parent: str = ""
    depends_on: Mapping[str, Sequence[str]] = field(default_factory=dict)
    provider: Property = field(default_factory=lambda: Property({}))
    ignored: Sequence[str] = ()

    def __getitem__(self, key: str) -> Property:
        """Return a property of the resource."""
        return self.properties[key]


@dataclass(frozen=True)
class Stack:
    """All resources of a stack, and its configuration: what the stack file has below `config:`."""

    resources: Sequence[Resource]
    configuration: Mapping[str, object] = field(default_factory=dict)

    def of_type(self, *types: str) -> list[Resource]:
        """Return the resources of these types."""
        return [resource for resource in self.resources if resource.type in types]

    def pointing_to(self, target: Resource, type_: str, property_: str, same: str = "") -> Iterator[Resource]:
        """Yield the resources of a type whose property was computed from `target`.

        A property with the value of the target's property `same` counts, too: names may be written out.
        """
        for resource in self.of_type(type_):
            if target.urn in resource.depends_on.get(property_, ()) or _equal(resource[property_], target, same):
                yield resource


def _equal(property_: Property, target: Resource, same: str) -> bool:
    """Return whether a property has the known value of the target's property `same`."""
    value = target[same].value if same else Special.MISSING
    return not isinstance(value, Special) and property_.value == value
