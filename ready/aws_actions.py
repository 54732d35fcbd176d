"""The actions on Amazon Web Services that create each type of resource of a stack."""

from collections.abc import Mapping

# From the services' authorization references: what the API calls that create and configure each type require.
ACTIONS: Mapping[str, tuple[str, ...]] = {
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": (
        "eks:CreatePodIdentityAssociation",
        "eks:DescribePodIdentityAssociation",
        "iam:GetRole",
        "iam:PassRole",
    ),
    "aws:iam/role:Role": ("iam:CreateRole", "iam:GetRole", "iam:TagRole"),
    "aws:iam/rolePolicy:RolePolicy": ("iam:GetRolePolicy", "iam:PutRolePolicy"),
    "aws:kms/alias:Alias": ("kms:CreateAlias", "kms:ListAliases"),
    "aws:kms/key:Key": ("kms:CreateKey", "kms:DescribeKey", "kms:EnableKeyRotation", "kms:TagResource"),
    "aws:s3/bucket:Bucket": ("s3:CreateBucket", "s3:ListBucket", "s3:PutBucketTagging"),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ("s3:PutLifecycleConfiguration",),
    "aws:s3/bucketLogging:BucketLogging": ("s3:PutBucketLogging",),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ("s3:PutBucketOwnershipControls",),
    "aws:s3/bucketPolicy:BucketPolicy": ("s3:GetBucketPolicy", "s3:PutBucketPolicy"),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ("s3:PutBucketPublicAccessBlock",),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        "s3:PutEncryptionConfiguration",
    ),
    "aws:s3/bucketVersioning:BucketVersioning": ("s3:PutBucketVersioning",),
}


def actions_of(types: frozenset[str], service: str) -> list[str]:
    """Return the actions of one service, such as `s3`, that create resources of these types."""
    found = {action for kind in types for action in ACTIONS.get(kind, ())}
    return sorted(action for action in found if action.startswith(f"{service}:"))
