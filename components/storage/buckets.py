"""Steps that every Amazon S3 bucket of this program goes through: block public access, encrypt, expire."""

from typing import Any

import pulumi
import pulumi_aws as aws

from components.protection import is_kept
from render.text import Config
from settings.environment import Environment


def create_bucket(
    name: str, bucket_name: str, environment: Environment, opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    """Create a bucket and return its name; force_destroy only where neither protect nor retain is set."""
    return aws.s3.Bucket(name, bucket=bucket_name, force_destroy=not is_kept(environment), opts=opts).bucket


def block_public_access(name: str, bucket_name: pulumi.Input[str], opts: pulumi.ResourceOptions) -> None:
    """Turn off all public access, and the access control lists of single objects."""
    aws.s3.BucketPublicAccessBlock(
        f"{name}-public-access",
        bucket=bucket_name,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=opts,
    )
    aws.s3.BucketOwnershipControls(
        f"{name}-ownership",
        bucket=bucket_name,
        rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
        opts=opts,
    )


def set_encryption(
    name: str,
    bucket_name: pulumi.Input[str],
    kms_key_arn: pulumi.Input[str] | None,
    opts: pulumi.ResourceOptions,
) -> None:
    """Set the default encryption: a KMS key with a bucket key, or S3's own key if `kms_key_arn` is None."""
    default = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
        sse_algorithm="AES256" if kms_key_arn is None else "aws:kms", kms_master_key_id=kms_key_arn
    )
    rule = aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
        apply_server_side_encryption_by_default=default,
        # One request to KMS for many objects instead of one for each.
        bucket_key_enabled=kms_key_arn is not None,
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        f"{name}-encryption", bucket=bucket_name, rules=[rule], opts=opts
    )


def set_policy(
    name: str, bucket_name: pulumi.Input[str], policy: pulumi.Output[str], opts: pulumi.ResourceOptions
) -> None:
    """Set the bucket's policy."""
    aws.s3.BucketPolicy(f"{name}-policy", bucket=bucket_name, policy=policy, opts=opts)


def set_versioning(
    name: str, bucket_name: pulumi.Input[str], status: str, opts: pulumi.ResourceOptions
) -> pulumi.ResourceOptions:
    """Set versioning to `Enabled` or `Suspended`; return the options of a lifecycle with rules for old versions.

    Such rules have no effect before versioning is set.
    """
    versioning = aws.s3.BucketVersioning(
        f"{name}-versioning",
        bucket=bucket_name,
        versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status=status),
        opts=opts,
    )
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[versioning]))


def set_lifecycle(
    name: str, bucket_name: pulumi.Input[str], rules: list[Config], opts: pulumi.ResourceOptions
) -> None:
    """Set the lifecycle from rules in the shape of S3's API."""
    aws.s3.BucketLifecycleConfiguration(
        f"{name}-lifecycle",
        bucket=bucket_name,
        rules=_renamed(rules),
        # S3's default for new buckets, set so that it stays: smaller objects never get cheaper by moving.
        transition_default_minimum_object_size="all_storage_classes_128K",
        opts=opts,
    )


# From the names of S3's API to the provider's; the dates that S3 also accepts are not used.
_NAMES = {
    "AbortIncompleteMultipartUpload": "abort_incomplete_multipart_upload",
    "Days": "days",
    "DaysAfterInitiation": "days_after_initiation",
    "Expiration": "expiration",
    "ExpiredObjectDeleteMarker": "expired_object_delete_marker",
    "Filter": "filter",
    "ID": "id",
    "NoncurrentDays": "noncurrent_days",
    "NoncurrentVersionExpiration": "noncurrent_version_expiration",
    "NoncurrentVersionTransitions": "noncurrent_version_transitions",
    "Prefix": "prefix",
    "Status": "status",
    "StorageClass": "storage_class",
    "Transitions": "transitions",
}


def _renamed(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {_NAMES[key]: _renamed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner) for inner in value]
    return value
