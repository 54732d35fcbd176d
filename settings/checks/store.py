"""Checks of the object store with what surrounds it."""

from collections.abc import Iterator

from settings.problems import Problem, shown
from settings.stack import StackSettings


def store_settings_fit_its_kind(settings: StackSettings) -> Iterator[Problem]:
    """Each kind of store needs its own settings and refuses the others'."""
    store = settings.object_store
    for name, value, kind in (
        ("minio", store.minio, "minio"),
        ("endpoint", store.endpoint, "s3_compatible"),
        ("aws", store.aws, "aws_s3"),
    ):
        if (value is None) == (store.kind == kind):
            wanted = "a value" if value is None else "nothing"
            yield Problem(
                f"object_store.{name}",
                f"does not fit object_store.kind {shown(store.kind)}",
                "nothing" if value is None else "a value",
                wanted,
                f"{'Add' if value is None else 'Remove'} it, or change object_store.kind.",
            )
    if store.plain_http and store.kind != "s3_compatible":
        yield Problem(
            "object_store.plain_http",
            f"has a meaning only for an endpoint of your own, and object_store.kind is {shown(store.kind)}",
            "true",
            "false",
            "Remove it.",
        )


def encryption_fits_the_store(settings: StackSettings) -> Iterator[Problem]:
    """Amazon S3 always encrypts, and only it has the keys of sse_kms."""
    store = settings.object_store
    allowed = ("sse_s3", "sse_kms") if store.kind == "aws_s3" else ("none", "sse_s3")
    if store.encryption not in allowed:
        yield Problem(
            "object_store.encryption",
            f"is not to be had from object_store.kind {shown(store.kind)}",
            shown(store.encryption),
            " or ".join(allowed),
            f"Choose {' or '.join(allowed)}.",
        )


def images_of_the_store_are_named(settings: StackSettings) -> Iterator[Problem]:
    """What runs in the cluster for the store needs an image."""
    kind = settings.object_store.kind
    needed = {
        "object_store": kind == "minio",
        "object_store_client": kind != "aws_s3",
    }
    for name, wanted in needed.items():
        if wanted and getattr(settings.images, name) is None:
            yield Problem(
                f"images.{name}",
                f"is needed because object_store.kind is {shown(kind)}",
                "nothing",
                "an image",
                "Add its repository and tag.",
            )


def the_identity_has_what_it_needs(settings: StackSettings) -> Iterator[Problem]:
    """IRSA is a trust in the cluster's OIDC provider; Pod Identity knows none."""
    aws = settings.object_store.aws
    if aws and (aws.identity == "irsa") != (aws.oidc_provider_arn is not None):
        wanted = "the provider's ARN" if aws.identity == "irsa" else "nothing"
        yield Problem(
            "object_store.aws.oidc_provider_arn",
            f"does not fit object_store.aws.identity {shown(aws.identity)}",
            shown(aws.oidc_provider_arn) if aws.oidc_provider_arn else "nothing",
            wanted,
            f"{'Add' if aws.identity == 'irsa' else 'Remove'} it, or change object_store.aws.identity.",
        )


def noncurrent_versions_reach_glacier_before_they_expire(settings: StackSettings) -> Iterator[Problem]:
    """S3 refuses a transition that comes with or after the expiry; without versioning there is nothing to move."""
    store = settings.object_store
    days = store.aws.glacier_noncurrent_after_days if store.aws else None
    if days is None:
        return
    if not store.versioning or days >= store.noncurrent_expiry_days:
        yield Problem(
            "object_store.aws.glacier_noncurrent_after_days",
            "comes too late: versions are gone by then, or there are none (object_store.versioning, "
            "object_store.noncurrent_expiry_days)",
            shown(days),
            f"less than {store.noncurrent_expiry_days}, with versioning",
            "Remove it, or keep noncurrent versions for longer.",
        )
