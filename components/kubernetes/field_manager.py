"""Apply every object under one name, so that an object that is there already is not in conflict with itself."""

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.meta import v1 as meta

from settings.project import PROJECT

_ANNOTATION = "pulumi.com/patchFieldManager"
_OBJECTS = "kubernetes:"
_SECRET = "kubernetes:core/v1:Secret"  # noqa: S105 - the name of a kind


def apply_under_one_name() -> None:
    """Have the API server note this stack as the manager of every object that follows, but for Secrets.

    The plugin draws another name for each object that it creates. A list that the API server completed then
    conflicts with itself when the object is met again: after a run that was cut off, or where a protected
    StatefulSet was kept. With another stack's object it still conflicts. Secrets keep a drawn name: another value
    would overwrite the key that a store was encrypted with, and is to be refused.
    """
    pulumi.runtime.register_stack_transformation(_named)


def _named(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    metadata = args.props.get("metadata")
    if (
        not args.type_.startswith(_OBJECTS)
        or args.type_ == _SECRET
        or not isinstance(metadata, meta.ObjectMetaArgs)
    ):
        return None
    given = metadata.annotations or {}
    if not isinstance(given, Mapping):
        raise TypeError(f"{args.name}: annotations are a mapping in this program, so that a preview knows them")
    metadata.annotations = {**given, _ANNOTATION: f"{PROJECT}-{pulumi.get_stack()}"}
    return pulumi.ResourceTransformationResult(args.props, args.opts)
