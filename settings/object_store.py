"""The trace bucket: MinIO in the cluster, any S3-compatible endpoint, or Amazon S3."""

from typing import Annotated, Literal

from pydantic import Field

from settings.base import BucketName, HostAndPort, Resources, Section

StoreKind = Literal["minio", "s3_compatible", "aws_s3"]
Encryption = Literal["none", "sse_s3", "sse_kms"]
# EKS allows 100 characters, the first a letter or digit.
EksClusterName = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$")]
OidcProviderArn = Annotated[
    str,
    Field(pattern=r"^arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/[A-Za-z0-9./_-]{1,200}$", max_length=255),
]

AccountId = Annotated[str, Field(pattern=r"^[0-9]{12}$")]
RoleArn = Annotated[
    str, Field(pattern=r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,576}$", max_length=2048)
]


class Minio(Section):
    """The MinIO server that this program deploys."""

    volume_size_gib: int = Field(
        ge=1, le=65_536, description="Size of the data volume; checked against the plan's stored bytes."
    )
    resources: Resources = Field(
        description="CPU and memory of the server; one server with one drive is MinIO's smallest layout."
    )


class Aws(Section):
    """Settings of Amazon S3 only: Tempo's identity, the KMS key, access logs and storage classes."""

    identity: Literal["pod_identity", "irsa"] = Field(
        description="How Tempo's Pods get their IAM role: EKS Pod Identity (needs its agent on the nodes, and no "
        "setting of the cluster) or IRSA (needs the cluster's OIDC provider). Neither uses static credentials."
    )
    eks_cluster: EksClusterName = Field(description="EKS cluster that Tempo runs in.")
    account_id: AccountId | None = Field(
        default=None,
        description="AWS account of the bucket and the cluster; credentials of any other account are then refused "
        "before anything is created.",
    )
    profile: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_.@-]{0,127}$",
        description="Profile of the AWS configuration whose credentials are used; without it the environment's.",
    )
    assume_role_arn: RoleArn | None = Field(
        default=None,
        description="IAM role that `pulumi up` assumes for everything on AWS; its session has the stack's name.",
    )
    oidc_provider_arn: OidcProviderArn | None = Field(
        default=None,
        description="ARN of the cluster's OIDC provider in IAM; required for `irsa`, refused otherwise.",
    )
    kms_deletion_window_days: int = Field(
        default=30,
        ge=7,
        le=30,
        description="How long a deleted KMS key can be restored; without it every block is unreadable. KMS allows "
        "at most 30.",
    )
    access_log_expiry_days: int = Field(
        default=90,
        ge=1,
        le=3650,
        description="How long the bucket's access logs are kept, in a bucket of their own.",
    )
    intelligent_tiering_after_days: int | None = Field(
        default=None,
        ge=0,
        le=365,
        description="Move blocks of this age to Intelligent-Tiering, where they stay readable at any age. An "
        "object becomes cheaper only 30 days after its last read, so this pays for much longer retentions only.",
    )
    glacier_noncurrent_after_days: int | None = Field(
        default=None,
        ge=1,
        le=365,
        description="Move deleted and overwritten versions of this age to Glacier. Live blocks never move, "
        "because Tempo could not read them. Must be less than `noncurrent_expiry_days`.",
    )


class ObjectStore(Section):
    """The bucket, its endpoint and its data protection. Credentials are secret configuration, not settings."""

    kind: StoreKind = Field(
        description="`minio` runs a server in the namespace, `s3_compatible` uses `endpoint`, "
        "`aws_s3` uses Amazon S3 in `region`."
    )
    bucket: BucketName = Field(
        description="Bucket for all blocks; the platform's prefix is `fawkes-tempo-traces-`."
    )
    region: str = Field(
        default="us-east-1",
        pattern=r"^[a-z0-9-]{2,32}$",
        description="Region for which requests are signed; S3-compatible stores accept the default. On Amazon the "
        "region of the bucket and the cluster.",
    )
    endpoint: HostAndPort | None = Field(
        default=None,
        description="Host and port of an S3-compatible store, without scheme. Required when `kind` is "
        "`s3_compatible`, refused otherwise.",
    )
    plain_http: bool = Field(
        default=False,
        description="Use plain HTTP for `endpoint`; only for a store inside the cluster's network.",
    )
    minio: Minio | None = Field(default=None, description="Required when `kind` is `minio`, refused otherwise.")
    aws: Aws | None = Field(default=None, description="Required when `kind` is `aws_s3`, refused otherwise.")
    encryption: Encryption = Field(
        description="Encryption at rest that the bucket applies by default; `none` leaves it to the store."
    )
    versioning: bool = Field(
        description="Keep overwritten and deleted objects for `noncurrent_expiry_days`, to undo mistakes."
    )
    noncurrent_expiry_days: int = Field(
        default=1,
        ge=1,
        le=365,
        description="How long a deleted object can be restored; it delays erasure by the same time.",
    )
    abort_multipart_days: int = Field(
        default=1,
        ge=1,
        le=7,
        description="Remove unfinished uploads after this time; Tempo's manual recommends one day.",
    )
