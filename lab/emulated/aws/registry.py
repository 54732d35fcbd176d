"""The types of resource that the stand-in can make, by the tokens that pulumi-aws gives them."""

from lab.emulated.aws import bucket_settings, eks, iam, kms, s3
from lab.emulated.aws.resource import Kind
from lab.emulated.plugin import ProviderError, Urn

_KINDS: dict[str, Kind] = {**eks.KINDS, **iam.KINDS, **kms.KINDS, **s3.KINDS, **bucket_settings.KINDS}


def kind_of(urn: Urn) -> Kind:
    """Return the resource's type. Raise `ProviderError` for one that is not made here."""
    if urn.type not in _KINDS:
        raise ProviderError(f"The stand-in of pulumi_aws cannot make {urn.type}: install the real plugin.")
    return _KINDS[urn.type]
