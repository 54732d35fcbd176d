"""One field manager for all objects of a stack, so that none conflicts with its own earlier version."""

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.meta import v1 as meta

from settings.project import PROJECT

_ANNOTATION = "pulumi.com/patchFieldManager"
_OBJECTS = "kubernetes:"
_SECRET = "kubernetes:core/v1:Secret"  # noqa: S105 - the name of a kind


def set_field_manager() -> None:
    """Name this stack as the field manager of every object that follows, except Secrets.

    By default the plugin draws a new manager name for each object that it creates. A list that the API server
    completed then conflicts with itself when the object is met again: after an interrupted run, or where a
    protected StatefulSet was kept. An object of another stack still conflicts. Secrets keep the drawn name on
    purpose: another value would overwrite the key that a store was encrypted with, and must be refused.
    """
    pulumi.runtime.register_stack_transformation(_with_field_manager)


def _with_field_manager(
    args: pulumi.ResourceTransformationArgs,
) -> pulumi.ResourceTransformationResult | None:
    metadata = args.props.get("metadata")
    if (
        not args.type_.startswith(_OBJECTS)
        or args.type_ == _SECRET
        or not isinstance(metadata, meta.ObjectMetaArgs)
    ):
        return None
    given = metadata.annotations or {}
    if not isinstance(given, Mapping):
        raise TypeError(f"{args.name}: annotations must be a mapping, not an Output, so that a preview knows them")
    metadata.annotations = {**given, _ANNOTATION: f"{PROJECT}-{pulumi.get_stack()}"}
    return pulumi.ResourceTransformationResult(args.props, args.opts)
