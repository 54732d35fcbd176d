"""Rules as policies of Pulumi's SDK."""

from collections.abc import Callable
from typing import Any

import pulumi_policy as sdk
from pulumi.runtime.config import get_config_env

from policies.catalogue import all_rules
from policies.once import convert_once
from policies.property import Property, Unread
from policies.resources import Resource, Stack
from policies.rule import ResourceRule, Rule, StackRule, Violation

NAME = "fawkes-tracing"
# Where a reader of a violation finds the rule; relative to the repository.
PAGE = "docs/policies.md"


def start() -> None:
    """Serve the rules to the engine that started this process; does not return."""
    convert_once()
    sdk.PolicyPack(
        NAME, [as_policy(rule) for rule in all_rules()], enforcement_level=sdk.EnforcementLevel.MANDATORY
    )


def as_policy(rule: Rule) -> sdk.Policy:
    """Return the SDK's policy for a rule."""
    metadata: dict[str, Any] = {
        "name": rule.name,
        "description": rule.promise,
        "severity": sdk.Severity[rule.severity.name],
        "framework": sdk.PolicyComplianceFramework(specification=rule.controls[0]) if rule.controls else None,
        "tags": list(rule.controls),
        "remediation_steps": rule.to_do,
        "url": f"{PAGE}#{rule.name}",
        "config_schema": _schema(rule),
    }
    if isinstance(rule, ResourceRule):
        return sdk.ResourceValidationPolicy(validate=_resource_check(rule), **metadata)
    return sdk.StackValidationPolicy(validate=_stack_check(rule), **metadata)


def _schema(rule: Rule) -> sdk.PolicyConfigSchema:
    return sdk.PolicyConfigSchema(properties=rule.bounds.model_json_schema()["properties"])


def _resource_check(rule: ResourceRule[Any]) -> Callable[[sdk.ResourceValidationArgs, sdk.ReportViolation], None]:
    def validate(args: sdk.ResourceValidationArgs, report: sdk.ReportViolation) -> None:
        # Reading the properties costs more than the check, and most resources are of other types.
        if rule.concerns(args.resource_type):
            _report(rule, rule.violations(_resource(args), args.get_config()), report)

    return validate


def _stack_check(rule: StackRule[Any]) -> Callable[[sdk.StackValidationArgs, sdk.ReportViolation], None]:
    def validate(args: sdk.StackValidationArgs, report: sdk.ReportViolation) -> None:
        stack = Stack([_stack_resource(found) for found in args.resources], get_config_env())
        _report(rule, rule.violations(stack, args.get_config()), report)

    return validate


def _report(rule: Rule, violations: list[Violation], report: sdk.ReportViolation) -> None:
    for found in violations:
        report(f"{found.sentence} {rule.to_do}", found.resource.urn if found.resource else None)


def _resource(found: sdk.ResourceValidationArgs | sdk.PolicyResource, path: str = "") -> Resource:
    return Resource(
        urn=found.urn,
        type=found.resource_type,
        name=found.name,
        properties=Unread(found.props, path),
        is_protected=found.opts.protect,
        provider=Unread(found.provider.props) if found.provider else Property({}),
        ignored=tuple(found.opts.ignore_changes),
    )


def _stack_resource(found: sdk.PolicyResource) -> Resource:
    # A rule that cannot judge the stack says by the path which resource it was reading.
    one = _resource(found, path=found.name)
    depends_on = {name: [each.urn for each in urns] for name, urns in found.property_dependencies.items()}
    parent = found.parent.urn if found.parent else ""
    return Resource(**{**vars(one), "depends_on": depends_on, "parent": parent})
