"""The interface of an emulated plugin: the provider protocol's verbs in plain Python, and its two errors."""

import abc
from collections.abc import Collection
from dataclasses import dataclass

from lab.emulated.diff import Change
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


def refuse_unknown(plugin: str, urn: Urn, inputs: Properties, allowed: Collection[str]) -> None:
    """Raise `ProviderError` for an input that would silently have no effect."""
    if unknown := sorted(inputs.values.keys() - {*allowed}):
        raise ProviderError(
            f"The emulated {plugin} plugin has no {', '.join(unknown)} of {urn.type}, only "
            f"{', '.join(allowed)}: remove it, or install the real plugin."
        )


class Plugin(abc.ABC):
    """One provider: without configuration, updates and anything outside the state, unless it overrides these.

    Methods raise `ProviderError`.
    """

    def configure(self, config: Json) -> None:
        """Take the provider's configuration; refuse what would have no effect."""
        del config

    def diff_config(self, old: Json, new: Json) -> tuple[Change, ...]:
        """Compare configurations: none by default, for they tell where to look, not what is there."""
        del old, new
        return ()

    @abc.abstractmethod
    def invoke(self, token: str, args: Json) -> Json:
        """Return the answer of one of the provider's functions."""

    @abc.abstractmethod
    def check(self, urn: Urn, old: Properties | None, new: Properties, seed: bytes) -> Properties:
        """Return the program's inputs, completed; `old` is None for a new or replaced resource."""

    @abc.abstractmethod
    def diff(self, urn: Urn, old: Properties, new: Properties) -> tuple[Change, ...]:
        """Compare checked inputs."""

    @abc.abstractmethod
    def create(self, urn: Urn, inputs: Properties, *, preview: bool = False) -> tuple[str, Properties]:
        """Create the resource; return its id (empty in a preview) and its outputs."""

    def update(
        self, urn: Urn, resource_id: str, inputs: Properties, state: Properties, *, preview: bool = False
    ) -> Properties:
        """Change the resource, whose outputs were `state`; return its new outputs."""
        del resource_id, inputs, state, preview
        raise ProviderError(f"{urn.name} can only be replaced.")

    def delete(self, urn: Urn, resource_id: str, inputs: Properties) -> None:
        """Delete the resource; succeed when it is already gone."""
        del urn, resource_id, inputs

    @abc.abstractmethod
    def read(
        self, urn: Urn, resource_id: str, inputs: Properties, state: Properties
    ) -> tuple[str, Properties, Properties]:
        """Return id (empty when the resource is gone), inputs and outputs as they are now."""
