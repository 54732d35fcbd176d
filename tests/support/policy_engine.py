"""Run one rule as the engine does: through the SDK, on its messages, with unknown and secret values.

The engine gives a resource's inputs to a `ResourceRule`, and the outputs of all resources to a `StackRule`.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from google.protobuf import json_format, struct_pb2
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel
from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY
from pulumi_policy.policy import _PolicyAnalyzerServicer
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from policies.pack import as_policy
from policies.rule import ResourceRule, Rule

# A value that is known only after the update, of whatever type.
UNKNOWN = UNKNOWN_STRING_VALUE


def secret(value: object) -> dict[str, object]:
    """Return a secret as the engine passes it."""
    return {SPECIAL_SIG_KEY: SPECIAL_SECRET_SIG, "value": value}


@dataclass(frozen=True)
class Given:
    """A resource that a rule is tried on.

    `depends_on` has the names of the resources that a property was computed from: `{"bucket": ["traces"]}`.
    `outputs` are the inputs unless given. `provider` has the inputs of its provider.
    `ignored` are the properties whose changes are ignored.
    """

    type: str
    name: str
    inputs: Mapping[str, Any]
    depends_on: Mapping[str, Sequence[str]] = field(default_factory=dict)
    outputs: Mapping[str, Any] | None = None
    protect: bool = False
    parent: str = ""
    provider: Mapping[str, Any] | None = None
    ignored: Sequence[str] = ()

    @property
    def urn(self) -> str:
        """A URN in which names are unique, as the tests' `depends_on` needs."""
        return f"urn:pulumi:stack::project::type::{self.name}"


@dataclass(frozen=True)
class Said:
    """A violation: the resource's name, '' for the stack; the sentence; and whether it is mandatory."""

    resource: str
    sentence: str
    mandatory: bool = True


def said(
    rule: Rule,
    resources: Sequence[Given],
    config: Mapping[str, Any] | None = None,
    stack_config: Mapping[str, Any] | None = None,
) -> list[Said]:
    """Return what a rule says of resources at a preview.

    `config` is the rule's configuration, `stack_config` what the stack file has below `config:`.
    """
    # The engine passes sections as texts of JSON, and tells the pack in this variable.
    texts = {name: json.dumps(section) for name, section in (stack_config or {}).items()}
    with patch.dict(os.environ, {"PULUMI_CONFIG": json.dumps(texts)}):
        return _said(rule, resources, config)


def _said(rule: Rule, resources: Sequence[Given], config: Mapping[str, Any] | None) -> list[Said]:
    policy = as_policy(rule)
    # The SDK's own class has no types.
    servicer: Any = _PolicyAnalyzerServicer("pack", "1.0.0", [policy], EnforcementLevel.MANDATORY)
    servicer.Configure(_configuration(rule, config or {}), None)
    if isinstance(rule, ResourceRule):
        answers = [(given, servicer.Analyze(_resource_request(given), None)) for given in resources]
        found = [(given.name, diagnostic) for given, answer in answers for diagnostic in answer.diagnostics]
    else:
        answer = servicer.AnalyzeStack(proto.AnalyzeStackRequest(resources=_stack_resources(resources)), None)
        found = [(diagnostic.urn.rpartition("::")[2], diagnostic) for diagnostic in answer.diagnostics]
    prefix = f"{rule.promise}\n"
    return [
        Said(name, diagnostic.message.removeprefix(prefix), diagnostic.enforcementLevel == proto.MANDATORY)
        for name, diagnostic in found
    ]


def _configuration(rule: Rule, config: Mapping[str, Any]) -> proto.ConfigureAnalyzerRequest:
    """Return the configuration with the defaults of the schema, which the engine fills in."""
    defaults = rule.bounds().model_dump(mode="json")
    properties = json_format.ParseDict({**defaults, **config}, struct_pb2.Struct())
    level = proto.PolicyConfig(enforcementLevel=proto.MANDATORY, properties=properties)
    return proto.ConfigureAnalyzerRequest(policyConfig={rule.name: level})


def _resource_request(given: Given) -> proto.AnalyzeRequest:
    request = proto.AnalyzeRequest(
        type=given.type, urn=given.urn, name=given.name, properties=_struct(given.inputs), options=_options(given)
    )
    if given.provider is not None:
        request.provider.CopyFrom(_provider(given.provider))
    return request


def _stack_resources(resources: Sequence[Given]) -> list[proto.AnalyzerResource]:
    urns = {given.name: given.urn for given in resources}
    return [_stack_resource(given, urns) for given in resources]


def _stack_resource(given: Given, urns: Mapping[str, str]) -> proto.AnalyzerResource:
    depends_on = {
        name: proto.AnalyzerPropertyDependencies(urns=[urns[each] for each in names])
        for name, names in given.depends_on.items()
    }
    found = proto.AnalyzerResource(
        type=given.type,
        urn=given.urn,
        name=given.name,
        properties=_struct(given.inputs if given.outputs is None else given.outputs),
        options=_options(given),
        parent=urns.get(given.parent, ""),
        dependencies=sorted({urn for each in depends_on.values() for urn in each.urns}),
        propertyDependencies=depends_on,
    )
    if given.provider is not None:
        found.provider.CopyFrom(_provider(given.provider))
    return found


def _options(given: Given) -> proto.AnalyzerResourceOptions:
    return proto.AnalyzerResourceOptions(protect=given.protect, ignoreChanges=given.ignored)


def _provider(inputs: Mapping[str, Any]) -> proto.AnalyzerProviderResource:
    return proto.AnalyzerProviderResource(type="pulumi:providers:aws", name="p", properties=_struct(inputs))


def _struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    return json_format.ParseDict(dict(properties), struct_pb2.Struct())
