"""The verbs of the `aws` stand-in."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from lab.emulated.aws import completion
from lab.emulated.aws.api import Api
from lab.emulated.aws.endpoint import endpoint_of
from lab.emulated.aws.functions import call_function
from lab.emulated.aws.registry import kind_of
from lab.emulated.aws.resource import Kind
from lab.emulated.diff import Diff, compare
from lab.emulated.plugin import InitializationError, Operation, Plugin, ProviderError, Urn
from lab.emulated.values import UNKNOWN, Json, Properties


@dataclass(kw_only=True)
class AwsPlugin(Plugin):
    """Makes resources on the AWS endpoint that the environment names, which must be of this machine."""

    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    default_tags: Json = field(default_factory=dict)
    _api: Api | None = None

    def configure(self, config: Json) -> None:
        """Take region and default tags.

        Raise `ProviderError` unless there is a region and the endpoint is of this machine, and for what would
        silently have no effect.
        """
        completion.refuse_settings(config)
        self.default_tags = completion.default_tags(config)
        self._api = Api(endpoint=endpoint_of(self.environment), region=completion.region(config, self.environment))

    def invoke(self, token: str, args: Json) -> Json:
        """Answer one of the few functions."""
        return call_function(self._at(args), token)

    def check(self, urn: Urn, old: Properties | None, new: Properties, seed: bytes) -> Properties:
        """Complete name, defaults and tags; refuse an input that is not known here."""
        kind = kind_of(urn)
        completion.refuse_unknown(kind, urn, new)
        name = completion.made_up_name(kind, urn, old, seed)
        return completion.complete(kind, new, name, self.default_tags)

    def diff(self, urn: Urn, old: Properties, new: Properties) -> Diff:
        """Compare checked inputs by what they mean."""
        kind = kind_of(urn)
        wanted = {
            name: old.values[name] if name in old.values and kind.same(name, old.values[name], value) else value
            for name, value in completion.without_notes(new.values).items()
        }
        before = {
            name: value
            for name, value in completion.without_notes(old.values).items()
            if name in wanted or not kind.same(name, value, None)
        }
        changes = compare(before, wanted, lambda path: path[0] in kind.replaces)
        return Diff(changes, delete_first=completion.name_is_taken(kind, old.values, new.values))

    def create(self, operation: Operation, inputs: Properties) -> tuple[str, Properties]:
        """Make it; in a preview only check the request."""
        kind, api = kind_of(operation.urn), self._at(inputs.values)
        if operation.preview:
            return "", self._preview(kind, api, inputs)
        resource_id = kind.create(api, inputs.values)
        try:
            kind.finish(api, resource_id, inputs.values)
            return resource_id, self._state(kind, api, resource_id, inputs)
        except ProviderError as error:
            # It exists, so the engine must know it even though something of it is still missing.
            seen = Properties(completion.without_notes(inputs.values), inputs.secrets)
            raise InitializationError(resource_id, seen, inputs, str(error)) from None

    def update(self, operation: Operation, inputs: Properties, state: Properties) -> Properties:
        """Bring it to the inputs; in a preview only check them."""
        kind, api = kind_of(operation.urn), self._at(inputs.values)
        if operation.preview:
            planned = self._preview(kind, api, inputs)
            known = {name: state.values[name] for name in kind.computed if name in state.values}
            return Properties(planned.values | known, planned.secrets)
        kind.update(api, operation.resource_id, inputs.values)
        return self._state(kind, api, operation.resource_id, inputs)

    def delete(self, operation: Operation, inputs: Properties) -> None:
        """Remove it."""
        kind_of(operation.urn).delete(self._at(inputs.values), operation.resource_id, inputs.values)

    def read(
        self, urn: Urn, resource_id: str, inputs: Properties, state: Properties
    ) -> tuple[str, Properties, Properties]:
        """Look at it, for a refresh or (without inputs) an import."""
        kind, api = kind_of(urn), self._at(state.values | inputs.values)
        live = kind.read(api, resource_id, inputs.values)
        if live is None:
            return "", inputs, state
        seen = completion.drifted(kind, inputs, live, self.default_tags)
        return resource_id, seen, self._outputs(kind, api, seen, live)

    def _preview(self, kind: Kind, api: Api, inputs: Properties) -> Properties:
        if not inputs.has_unknown():
            request = kind.request(inputs.values, api.region)
            api.validate(request.service, request.operation, request.parameters)
        return self._outputs(kind, api, inputs, dict.fromkeys(kind.computed, UNKNOWN))

    def _state(self, kind: Kind, api: Api, resource_id: str, inputs: Properties) -> Properties:
        live = kind.read(api, resource_id, inputs.values)
        if live is None:
            raise ProviderError(f"{resource_id} was made and is not there any more.")
        return self._outputs(kind, api, inputs, live)

    def _outputs(self, kind: Kind, api: Api, inputs: Properties, live: Json) -> Properties:
        """Return the outputs: what the API says, in the program's own words where they mean the same."""
        place = {"region": api.region} if kind.regional else {}
        own_words = {
            name: value
            for name, value in completion.without_notes(inputs.values).items()
            if name not in live or kind.same(name, value, live[name])
        }
        return Properties(place | live | own_words, completion.whole(inputs.secrets))

    def _at(self, values: Json) -> Api:
        if self._api is None:
            raise ProviderError("The stand-in of pulumi_aws has not been configured.")
        return self._api.at(values.get("region"))
