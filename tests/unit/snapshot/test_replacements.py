"""The rules of what cannot change in place know every type that the program creates on Amazon."""

import pytest

from lab.emulated.aws import bucket_settings, eks, iam, kms, s3
from snapshot.replacements import replacing_paths, types_with_rules
from tests.support.programs import recorded
from tests.support.registrations import resource
from tests.support.stacks import STACKS

EMULATED = {**eks.KINDS, **iam.KINDS, **kms.KINDS, **s3.KINDS, **bucket_settings.KINDS}


def test_every_aws_type_of_the_stacks_has_a_rule() -> None:
    """Another one would count as updated, whatever changes in it."""
    created = {found.type for stack in STACKS for found in recorded(stack).registrations}
    assert {kind for kind in created if kind.startswith("aws:")} == types_with_rules()


@pytest.mark.parametrize("kind", sorted(EMULATED))
def test_the_rules_are_those_of_the_emulated_plugin(kind: str) -> None:
    """Both are transcribed from the real plugin's schemas; the SDK does not say what replaces a resource."""
    assert {path[0] for path in replacing_paths(resource(kind, {}), {})} == set(EMULATED[kind].replaces)
