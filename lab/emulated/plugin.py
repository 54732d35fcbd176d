"""What a stand-in is to the rest: the verbs it must know, in plain Python, and its two errors."""

import abc
from dataclasses import dataclass

from lab.emulated.diff import Diff
from lab.emulated.values import Json, Properties


class ProviderError(Exception):
    """A refusal or failure in a sentence, shown by the engine beside the resource."""


class InitializationError(ProviderError):
    """The resource exists but did not become ready: the engine keeps it in its state and tries again."""

    def __init__(self, resource_id: str, state: Properties, inputs: Properties, reason: str) -> None:
        """Keep what the state needs."""
        super().__init__(reason)
        self.resource_id, self.state, self.inputs = resource_id, state, inputs


@dataclass(frozen=True)
class Urn:
    """The name of one resource in a stack, as in `urn:pulumi:dojo::project::parent$type::name`."""

    text: str

    @property
    def type(self) -> str:
        """The resource's own type token, as in `aws:s3/bucket:Bucket`."""
        return self.text.split("::")[2].split("$")[-1]

    @property
    def name(self) -> str:
        """The logical name."""
        return self.text.split("::", 3)[3]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """How one create, update or delete is to be done; `resource_id` is empty for a create."""

    urn: Urn
    resource_id: str = ""
    preview: bool = False


@dataclass(kw_only=True)
class Plugin(abc.ABC):
    """One provider; `package` names the Pulumi SDK package it stands in for. Methods raise `ProviderError`."""

    package: str

    def configure(self, config: Json) -> None:
        """Take the provider's configuration; refuse what cannot be honoured."""
        del config

    def invoke(self, token: str, args: Json) -> Json:
        """Answer one of the provider's functions; here there are none."""
        del args
        raise ProviderError(f"The stand-in of {self.package} has no functions: {token}.")

    @abc.abstractmethod
    def check(self, urn: Urn, old: Properties | None, new: Properties, seed: bytes) -> Properties:
        """Complete the program's inputs; `old` is None for a new or replaced resource."""

    @abc.abstractmethod
    def diff(self, urn: Urn, old: Properties, new: Properties) -> Diff:
        """Compare checked inputs."""

    @abc.abstractmethod
    def create(self, operation: Operation, inputs: Properties) -> tuple[str, Properties]:
        """Make the resource; return its id (empty in a preview) and its outputs."""

    @abc.abstractmethod
    def update(self, operation: Operation, inputs: Properties, state: Properties) -> Properties:
        """Change the resource, whose outputs were `state`; return its outputs."""

    @abc.abstractmethod
    def delete(self, operation: Operation, inputs: Properties) -> None:
        """Remove the resource; one that is gone already is fine."""

    @abc.abstractmethod
    def read(
        self, urn: Urn, resource_id: str, inputs: Properties, state: Properties
    ) -> tuple[str, Properties, Properties]:
        """Return id (empty when it is gone), inputs and outputs as they are now."""
