"""A type of AWS resource: its inputs and defaults, what replaces it, and the calls that manage it."""

import abc
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lab.emulated.aws.api import Api
from lab.emulated.aws.spelling import essence
from lab.emulated.values import Json


@dataclass(frozen=True, kw_only=True)
class Kind(abc.ABC):
    """One type of resource; properties have the names that pulumi-aws gives them.

    `service` and `creation` name the call that creates one, and `identity` makes its id from the inputs, where the
    answer does not return it. `inputs` are all inputs that are supported, `computed`
    the outputs known only once it exists, `replaces` the inputs that cannot be changed in place. `name` is the
    input that is generated when the program gives none, with `name_prefix` before it. `meanings` gives, by
    property, the function whose results are equal for two values that mean the same. A `tagged` type has `tags`,
    and in `tagsAll` those with the provider's own. A `state_only` type exists in the state alone and cannot be
    imported.
    """

    service: str
    creation: str
    identity: str = ""
    inputs: tuple[str, ...]
    computed: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    defaults: Json = field(default_factory=dict)
    name: str = ""
    name_prefix: str = ""
    meanings: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    tagged: bool = False
    state_only: bool = False

    @abc.abstractmethod
    def parameters(self, inputs: Json) -> Json:
        """Return the parameters of the call that creates one."""

    def validate(self, api: Api, inputs: Json) -> None:
        """Raise `ProviderError` for what the service does not allow, without any request."""
        api.validate(self.service, self.creation, self.parameters(inputs))

    def send(self, api: Api, inputs: Json) -> Json:
        """Make the call that creates one; return its answer."""
        return api.call(self.service, self.creation, **self.parameters(inputs))

    def create(self, api: Api, inputs: Json) -> str:
        """Create one; return its id."""
        self.send(api, inputs)
        return self.identity.format_map(inputs)

    def finish(self, api: Api, resource_id: str, inputs: Json) -> None:
        """Set what the creating call cannot."""
        del api, resource_id, inputs

    def update(self, api: Api, resource_id: str, inputs: Json) -> None:
        """Change an existing one to match the inputs."""
        self.finish(api, resource_id, inputs)

    @abc.abstractmethod
    def read(self, api: Api, resource_id: str) -> Json | None:
        """Return its live properties, or None when it is gone; inputs that the API does not return are absent."""

    @abc.abstractmethod
    def delete(self, api: Api, resource_id: str, inputs: Json) -> None:
        """Delete it; succeed when it is already gone."""

    def same(self, name: str, one: object, other: object) -> bool:
        """Return whether two values of a property mean the same."""
        meaning = self.meanings.get(name, essence)
        return bool(meaning(one) == meaning(other))


def with_value(**parameters: Any) -> Json:  # noqa: ANN401 - any JSON
    """Return the parameters that have a value: the API takes no nulls and few empty ones."""
    return {name: value for name, value in parameters.items() if value not in (None, "", [], {})}
