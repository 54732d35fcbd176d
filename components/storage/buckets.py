"""What every bucket on Amazon S3 of this program has in common: closed to the public, owned, encrypted, tidied."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws

from render.text import Config
from settings.environment import Environment


def bucket(
    name: str, bucket_name: str, environment: Environment, opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    """Create a bucket and return its name; where its data is free to go, it may be deleted with its objects."""
    kept = environment.protect_stateful or environment.retain_stateful_on_delete
    return aws.s3.Bucket(name, bucket=bucket_name, force_destroy=not kept, opts=opts).bucket


def guard(parent: pulumi.Resource, environment: Environment) -> pulumi.ResourceOptions:
    """Return the options of what protects a bucket: a bucket that is left in place keeps it."""
    return pulumi.ResourceOptions(parent=parent, retain_on_delete=environment.retain_stateful_on_delete)


def close(name: str, bucket_name: pulumi.Input[str], opts: pulumi.ResourceOptions) -> None:
    """Turn off all public access, and the access lists of single objects."""
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


def encrypt(
    name: str,
    bucket_name: pulumi.Input[str],
    kms_key_arn: pulumi.Input[str] | None,
    opts: pulumi.ResourceOptions,
) -> None:
    """Set the default encryption: with the key and a bucket key, or without one with S3's own."""
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


def allow(
    name: str, bucket_name: pulumi.Input[str], policy: pulumi.Output[str], opts: pulumi.ResourceOptions
) -> pulumi.Resource:
    """Set the bucket's policy."""
    return aws.s3.BucketPolicy(f"{name}-policy", bucket=bucket_name, policy=policy, opts=opts)


def tidy(name: str, bucket_name: pulumi.Input[str], rules: list[Config], opts: pulumi.ResourceOptions) -> None:
    """Set the lifecycle from rules in the shape of S3's own API."""
    aws.s3.BucketLifecycleConfiguration(
        f"{name}-lifecycle",
        bucket=bucket_name,
        rules=_renamed(rules),
        # S3's default for new buckets, said so that it stays so: smaller objects never get cheaper by moving.
        transition_default_minimum_object_size="all_storage_classes_128K",
        opts=opts,
    )


def as_text(document: Config) -> str:
    """Return a policy document as the providers take it."""
    return json.dumps(document)


# From the names of S3's API to the provider's; the dates that S3 also takes are not used.
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
