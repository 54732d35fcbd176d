"""The emulated `aws` plugin: resources of a few types on the AWS endpoint that the environment names."""

import os
from collections.abc import Mapping

from lab.emulated.aws import bucket_settings, completion, eks, iam, kms, s3
from lab.emulated.aws.api import Api
from lab.emulated.aws.endpoint import endpoint_of
from lab.emulated.aws.resource import Kind
from lab.emulated.diff import Change, compare
from lab.emulated.plugin import InitializationError, Plugin, ProviderError, Urn, refuse_unknown
from lab.emulated.values import UNKNOWN, Json, Properties

_KINDS: dict[str, Kind] = {**eks.KINDS, **iam.KINDS, **kms.KINDS, **s3.KINDS, **bucket_settings.KINDS}


class AwsPlugin(Plugin):
    """Creates resources on an endpoint of this machine; refuses everything that would have no effect."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        """Take the environment that names the endpoint, and the region where the configuration has none."""
        self._environment = environment
        self._default_tags: Json = {}
        self._configured: Api | None = None

    def configure(self, config: Json) -> None:
        """Take region, default tags and roles to assume.

        Refuse an endpoint elsewhere, settings without effect, and another account than the allowed ones.
        """
        completion.refuse_settings(config)
        self._default_tags = completion.default_tags(config)
        region = completion.region(config, self._environment)
        api = Api(endpoint=endpoint_of(self._environment), region=region)
        for role in completion.assumed_roles(config):
            api = api.assuming(role)
        allowed = completion.allowed_accounts(config)
        if allowed and (account := api.call("sts", "GetCallerIdentity")["Account"]) not in allowed:
            raise ProviderError(f"AWS account ID not allowed: {account}; allowed is {', '.join(allowed)}.")
        self._configured = api

    def diff_config(self, old: Json, new: Json) -> tuple[Change, ...]:
        """Return every change: the engine configures a provider anew only then.

        As with the real plugin since its version 7, another region replaces nothing. There each resource stays in
        the region of its state; this plugin calls the new one for all of them.
        """
        return compare(old, new, lambda _: False)

    def invoke(self, token: str, args: Json) -> Json:
        """Return the account or the partition."""
        del args
        if token == "aws:index/getCallerIdentity:getCallerIdentity":  # noqa: S105 - a function's token
            caller = self._api.call("sts", "GetCallerIdentity")
            account = caller["Account"]
            return {"accountId": account, "arn": caller["Arn"], "id": account, "userId": caller["UserId"]}
        if token == "aws:index/getPartition:getPartition":  # noqa: S105 - a function's token
            return {"id": self._api.partition, "partition": self._api.partition}
        raise ProviderError(f"The emulated aws plugin has no function {token}: install the real plugin.")

    def check(self, urn: Urn, old: Properties | None, new: Properties, seed: bytes) -> Properties:
        """Complete name, defaults and tags; refuse an input that is not supported."""
        kind = _kind_of(urn)
        refuse_unknown("aws", urn, new, kind.inputs)
        name = completion.generated_name(kind, urn, old, seed)
        return completion.complete(kind, new, name, self._default_tags)

    def diff(self, urn: Urn, old: Properties, new: Properties) -> tuple[Change, ...]:
        """Compare checked inputs by their meaning; old ones that are not supported are ignored."""
        kind = _kind_of(urn)
        wanted = {
            name: old.values[name] if name in old.values and kind.same(name, old.values[name], value) else value
            for name, value in new.values.items()
        }
        before = {
            name: value
            for name, value in old.values.items()
            if name in wanted or (name in kind.inputs and not kind.same(name, value, None))
        }
        return compare(before, wanted, lambda path: path[0] in kind.replaces)

    def create(self, urn: Urn, inputs: Properties, *, preview: bool = False) -> tuple[str, Properties]:
        """Create the resource; in a preview only validate the request."""
        kind = _kind_of(urn)
        if preview:
            return "", self._preview(kind, inputs, dict.fromkeys(kind.computed, UNKNOWN))
        resource_id = kind.create(self._api, inputs.values)
        try:
            kind.finish(self._api, resource_id, inputs.values)
            return resource_id, self._outputs(kind, resource_id, inputs)
        except ProviderError as error:
            # It exists, so the engine must know it even though some of it is still missing.
            raise InitializationError(resource_id, inputs, inputs, str(error)) from None

    def update(
        self, urn: Urn, resource_id: str, inputs: Properties, state: Properties, *, preview: bool = False
    ) -> Properties:
        """Change the resource to match the inputs; in a preview only validate them."""
        kind = _kind_of(urn)
        if preview:
            return self._preview(kind, inputs, {name: state.values.get(name, UNKNOWN) for name in kind.computed})
        kind.update(self._api, resource_id, inputs.values)
        return self._outputs(kind, resource_id, inputs)

    def delete(self, urn: Urn, resource_id: str, inputs: Properties) -> None:
        """Delete the resource."""
        _kind_of(urn).delete(self._api, resource_id, inputs.values)

    def read(
        self, urn: Urn, resource_id: str, inputs: Properties, state: Properties
    ) -> tuple[str, Properties, Properties]:
        """Look at the resource, for a refresh or (without inputs) an import."""
        kind = _kind_of(urn)
        cannot_import = kind.state_only and not inputs.values
        live = None if cannot_import else kind.read(self._api, resource_id)
        if live is None:
            return "", inputs, state
        seen = completion.drifted(kind, inputs, live, self._default_tags)
        return resource_id, seen, _in_own_words(kind, seen, live)

    @property
    def _api(self) -> Api:
        if self._configured is None:
            raise ProviderError("The emulated aws plugin has not been configured.")
        return self._configured

    def _preview(self, kind: Kind, inputs: Properties, computed: Json) -> Properties:
        if not inputs.has_unknown():
            kind.validate(self._api, inputs.values)
        return _in_own_words(kind, inputs, computed)

    def _outputs(self, kind: Kind, resource_id: str, inputs: Properties) -> Properties:
        if (live := kind.read(self._api, resource_id)) is None:
            raise ProviderError(f"{resource_id} was created and does not exist any more.")
        return _in_own_words(kind, inputs, live)


def _kind_of(urn: Urn) -> Kind:
    if urn.type not in _KINDS:
        raise ProviderError(f"The emulated aws plugin has no {urn.type}: install the real plugin.")
    return _KINDS[urn.type]


def _in_own_words(kind: Kind, inputs: Properties, live: Json) -> Properties:
    """Return the live properties as outputs, in the program's own words where they mean the same."""
    own = {
        name: value
        for name, value in inputs.values.items()
        if name not in live or kind.same(name, value, live[name])
    }
    return Properties(live | own, inputs.secrets)
