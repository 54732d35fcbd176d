"""What one type of resource is: its inputs and defaults, what replaces it, and how the API makes it."""

import abc
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lab.emulated.aws.api import Api
from lab.emulated.aws.spelling import essence
from lab.emulated.values import Json


@dataclass(frozen=True)
class Request:
    """The one call that makes a resource."""

    service: str
    operation: str
    parameters: Json


@dataclass(frozen=True, kw_only=True)
class Kind(abc.ABC):
    """One type of resource; properties have the names that pulumi-aws gives them.

    `inputs` are all it takes, `computed` are known only once it exists, `replaces` cannot be changed in
    place. `name` is the input that is made up when the program gives none, with `name_prefix` before it.
    `meanings` gives, by property, what must be equal for two values to be the same. A `tagged` type has
    `tags`, and in `tagsAll` those with the provider's own. A `regional` one is made in `region`.
    """

    inputs: tuple[str, ...]
    computed: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    defaults: Json = field(default_factory=dict)
    name: str = ""
    name_prefix: str = ""
    meanings: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    tagged: bool = False
    regional: bool = True

    @abc.abstractmethod
    def request(self, inputs: Json, region: str) -> Request:
        """Return the call that makes it."""

    @abc.abstractmethod
    def create(self, api: Api, inputs: Json) -> str:
        """Make it with that call; return its id."""

    def finish(self, api: Api, resource_id: str, inputs: Json) -> None:
        """Set what that call could not; also brings an existing one to the inputs."""
        del api, resource_id, inputs

    def update(self, api: Api, resource_id: str, inputs: Json) -> None:
        """Bring an existing one to the inputs."""
        self.finish(api, resource_id, inputs)

    @abc.abstractmethod
    def read(self, api: Api, resource_id: str, inputs: Json) -> Json | None:
        """Return its properties as they are, or None when it is gone; a mere input need not be among them.

        `inputs` are the last ones applied, and empty for a resource that is being imported.
        """

    @abc.abstractmethod
    def delete(self, api: Api, resource_id: str, inputs: Json) -> None:
        """Remove it; one that is gone already is fine."""

    def same(self, name: str, one: object, other: object) -> bool:
        """Say whether two values of a property mean the same."""
        meaning = self.meanings.get(name, essence)
        return bool(meaning(one) == meaning(other))


def make(api: Api, request: Request) -> Json:
    """Make the call."""
    return api.call(request.service, request.operation, **request.parameters)


def with_value(**parameters: Any) -> Json:  # noqa: ANN401 - any JSON
    """Return the parameters that have a value: the API takes no nulls and few empty ones."""
    return {name: value for name, value in parameters.items() if value not in (None, "", [], {})}
