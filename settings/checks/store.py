"""Checks of the object store and of the settings that depend on its kind."""

from collections.abc import Iterator

from settings.checks.presence import present_only_if, required_image
from settings.problems import Problem, shown
from settings.stack import StackSettings


def store_settings_fit_its_kind(settings: StackSettings) -> Iterator[Problem]:
    """Each kind of store needs its own settings and refuses the others'."""
    store = settings.object_store
    by = {"object_store.kind": store.kind}
    yield from present_only_if(store.kind == "minio", "object_store.minio", store.minio, by=by)
    yield from present_only_if(store.kind == "s3_compatible", "object_store.endpoint", store.endpoint, by=by)
    yield from present_only_if(store.kind == "aws_s3", "object_store.aws", store.aws, by=by)
    if store.plain_http and store.kind != "s3_compatible":
        yield Problem(
            "object_store.plain_http",
            f'only applies to object_store.kind "s3_compatible", not {shown(store.kind)}',
            "true",
            "false",
            "Remove it.",
        )


def encryption_fits_the_store(settings: StackSettings) -> Iterator[Problem]:
    """Amazon S3 always encrypts, and only Amazon has the KMS keys of sse_kms."""
    store = settings.object_store
    supported = ("sse_s3", "sse_kms") if store.kind == "aws_s3" else ("none", "sse_s3")
    if store.encryption not in supported:
        allowed = " or ".join(supported)
        yield Problem(
            "object_store.encryption",
            f"is not supported by object_store.kind {shown(store.kind)}",
            shown(store.encryption),
            allowed,
            f"Set it to {allowed}.",
        )


def images_of_the_store_are_set(settings: StackSettings) -> Iterator[Problem]:
    """The MinIO server and the Job that sets up a bucket run in the cluster; Amazon S3 needs neither."""
    kind, images = settings.object_store.kind, settings.images
    by = {"object_store.kind": kind}
    if kind == "minio":
        yield from required_image("object_store", images.object_store, by=by)
    if kind != "aws_s3":
        yield from required_image("object_store_client", images.object_store_client, by=by)


def irsa_has_its_oidc_provider(settings: StackSettings) -> Iterator[Problem]:
    """IRSA trusts the cluster's OIDC provider; Pod Identity uses none."""
    if aws := settings.object_store.aws:
        yield from present_only_if(
            aws.identity == "irsa",
            "object_store.aws.oidc_provider_arn",
            aws.oidc_provider_arn,
            by={"object_store.aws.identity": aws.identity},
            wanted="the provider's ARN",
        )


def noncurrent_versions_reach_glacier_before_they_expire(settings: StackSettings) -> Iterator[Problem]:
    """S3 refuses a transition on or after the day of the expiry; without versioning there is nothing to move."""
    store = settings.object_store
    days = store.aws.glacier_noncurrent_after_days if store.aws else None
    if days is None:
        return
    path = "object_store.aws.glacier_noncurrent_after_days"
    if not store.versioning:
        what = "has no effect, because object_store.versioning is off"
        yield Problem(path, what, shown(days), "nothing", "Remove it, or turn versioning on.")
    elif days >= store.noncurrent_expiry_days:
        yield Problem(
            path,
            "is not less than object_store.noncurrent_expiry_days, so versions would expire before they move",
            shown(days),
            f"less than {store.noncurrent_expiry_days}",
            "Remove it, lower it, or raise object_store.noncurrent_expiry_days.",
        )
