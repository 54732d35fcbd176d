"""A resource monitor that writes down what a program registers.

It stands in for the engine with the SDK's own mocks, and keeps what those drop: parents,
protection, aliases, dependencies, and whether each component registered its outputs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from google.protobuf import json_format
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs
from pulumi.runtime.rpc import _special_secret_sig, _special_sig_key

# What a provider would answer: a resource type's suffix and its computed properties.
_COMPUTED: Mapping[str, Mapping[str, str]] = {
    "random:index/randomPassword:RandomPassword": {"result": "generated-password"},
    "random:index/randomBytes:RandomBytes": {"base64": "Z2VuZXJhdGVkLWJ5dGVz", "hex": "67656e"},
    "aws:kms/key:Key": {"arn": "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d"},
    "aws:iam/role:Role": {"arn": "arn:aws:iam::123456789012:role/role-0a1b2c3d", "name": "role-0a1b2c3d"},
}
# What a provider would answer to a question, by its token; the account is the one of AWS's documentation.
_ANSWERS: Mapping[str, Mapping[str, str]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": "123456789012"},
    "aws:index/getPartition:getPartition": {"partition": "aws"},
}
SECRET = "[secret]"  # noqa: S105 - what is shown instead of one


@dataclass(frozen=True)
class Registration:
    """One resource as the program registered it, its inputs in camelCase.

    `parent` is the parent's URN. `provider` is the reference of an explicit provider, `<urn>::<id>`, '' for the
    engine's default one. `ignored` are the paths of inputs that count only when the resource is created.
    `timeouts` has the time limits that are not the provider's, by operation: `{"create": "900s"}`.
    `property_dependencies` has the URNs of the resources that each input was computed from.
    """

    urn: str
    type: str
    name: str
    parent: str
    provider: str
    custom: bool
    inputs: dict[str, Any]
    protect: bool
    retain_on_delete: bool
    dependencies: tuple[str, ...]
    aliases: int
    ignored: tuple[str, ...]
    timeouts: dict[str, str]
    property_dependencies: dict[str, tuple[str, ...]]


class Recorder(MockMonitor):
    """A monitor that remembers registrations in their order, and who registered outputs."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__(_Provider())
        self.registrations: list[Registration] = []
        self.outputs: dict[str, dict[str, Any]] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: ANN401, N802 - the SDK's own interface
        """Remember the request, then let the SDK's mock answer it."""
        response = super().RegisterResource(request)  # type: ignore[no-untyped-call]  # the SDK's mocks are untyped
        self.registrations.append(
            Registration(
                urn=response.urn,
                type=request.type,
                name=request.name,
                parent=request.parent,
                provider=request.provider,
                custom=request.custom,
                inputs=_shown(json_format.MessageToDict(request.object)),
                protect=request.protect,
                retain_on_delete=request.retainOnDelete,
                dependencies=tuple(sorted(request.dependencies)),
                aliases=len(request.aliases),
                ignored=tuple(request.ignoreChanges),
                timeouts=json_format.MessageToDict(request.customTimeouts),
                property_dependencies={
                    name: tuple(sorted(found.urns)) for name, found in request.propertyDependencies.items()
                },
            )
        )
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: ANN401, N802 - the SDK's own interface
        """Remember a component's outputs."""
        self.outputs[request.urn] = _shown(json_format.MessageToDict(request.outputs))
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]  # the SDK's mocks are untyped

    def of_type(self, suffix: str) -> list[Registration]:
        """Return the registrations whose type ends so: `StatefulSet`, `TempoMonolith`."""
        return [found for found in self.registrations if found.type.split(":")[-1] == suffix]

    def one(self, name: str) -> Registration:
        """Return the only registration of this logical name."""
        (found,) = [found for found in self.registrations if found.name == name]
        return found


def autoname(name: str) -> str:
    """Return the name that a nameless object gets, with a suffix that does not change from run to run."""
    return f"{name}-0a1b2c3d"


class _Provider(pulumi.runtime.Mocks):
    """Answers like the real providers: the inputs, a name where none was given, and computed values."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        state = dict(args.inputs)
        metadata = state.get("metadata")
        if isinstance(metadata, dict):
            state["metadata"] = {"name": autoname(args.name), **metadata}
        return f"{args.name}-id", {**state, **_COMPUTED.get(args.typ, {})}

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        if args.token not in _ANSWERS:
            raise NotImplementedError(f"the program asks a provider for {args.token}; add its answer here")
        return dict(_ANSWERS[args.token]), []


def _shown(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return the value with whole numbers as such and secrets hidden."""
    if isinstance(value, dict):
        if value.get(_special_sig_key) == _special_secret_sig:
            return SECRET
        return {key: _shown(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_shown(inner) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
