"""Where blocks are stored: MinIO in the cluster, any S3-compatible endpoint, or Amazon S3."""

from typing import Annotated, Literal

from pydantic import Field

from settings.base import BucketName, HostAndPort, Resources, Section

StoreKind = Literal["minio", "s3_compatible", "aws_s3"]
Encryption = Literal["none", "sse_s3", "sse_kms"]
# EKS: 100 characters, beginning with a letter or digit.
EksClusterName = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$")]
OidcProviderArn = Annotated[
    str,
    Field(pattern=r"^arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/[A-Za-z0-9./_-]{1,200}$", max_length=255),
]


class Minio(Section):
    """The MinIO that this program runs itself."""

    volume_size_gib: int = Field(
        ge=1, le=65_536, description="Size of the data volume; checked against the plan's stored bytes."
    )
    resources: Resources = Field(description="One server, one drive: MinIO's smallest layout.")


class Aws(Section):
    """What only a bucket on Amazon S3 has: how Tempo identifies itself, and care beyond the bucket."""

    identity: Literal["pod_identity", "irsa"] = Field(
        description="How Tempo's Pods get their role: EKS Pod Identity (an agent on the nodes, no setting on the "
        "cluster's side) or IRSA (the cluster's OIDC provider). Neither leaves a static key anywhere."
    )
    eks_cluster: EksClusterName = Field(description="The EKS cluster that Tempo runs in.")
    oidc_provider_arn: OidcProviderArn | None = Field(
        default=None, description="The cluster's OIDC provider in IAM; needed for `irsa`, refused otherwise."
    )
    kms_deletion_window_days: int = Field(
        default=30,
        ge=7,
        le=30,
        description="How long a deleted key can be brought back; without it every block is unreadable. 30 is "
        "the longest that KMS offers.",
    )
    access_log_expiry_days: int = Field(
        default=90,
        ge=1,
        le=3650,
        description="How long the bucket's access logs are kept in a bucket of their own.",
    )
    intelligent_tiering_after_days: int | None = Field(
        default=None,
        ge=0,
        le=365,
        description="Move blocks of this age to Intelligent-Tiering. It gets cheaper only 30 days after the last "
        "read, so it is for retentions well beyond that; at any age it stays readable.",
    )
    glacier_noncurrent_after_days: int | None = Field(
        default=None,
        ge=1,
        le=365,
        description="Move deleted and overwritten versions of this age to Glacier. Never live blocks: Tempo "
        "could not read them. Must be shorter than `noncurrent_expiry_days`.",
    )


class ObjectStore(Section):
    """The bucket and how it is reached and kept. Keys are never here: they are secret configuration."""

    kind: StoreKind = Field(
        description="`minio` runs a server in the namespace, `s3_compatible` uses `endpoint`, "
        "`aws_s3` uses Amazon S3 in `region`."
    )
    bucket: BucketName = Field(
        description="Bucket of all blocks; the platform's prefix is `fawkes-tempo-traces-`."
    )
    region: str = Field(
        default="us-east-1",
        pattern=r"^[a-z0-9-]{2,32}$",
        description="Region that requests are signed for; S3-compatible stores accept the default.",
    )
    endpoint: HostAndPort | None = Field(
        default=None,
        description="Host and port of an S3-compatible store, without scheme; only for that kind.",
    )
    plain_http: bool = Field(
        default=False,
        description="Talk plain HTTP to `endpoint`; only for a store inside the cluster's network.",
    )
    minio: Minio | None = Field(default=None, description="Needed when `kind` is `minio`, refused otherwise.")
    aws: Aws | None = Field(default=None, description="Needed when `kind` is `aws_s3`, refused otherwise.")
    encryption: Encryption = Field(
        description="Encryption at rest that the bucket applies by default; `none` leaves it to the store."
    )
    versioning: bool = Field(
        description="Keep overwritten and deleted objects for `noncurrent_expiry_days`, to undo a mistake."
    )
    noncurrent_expiry_days: int = Field(
        default=1,
        ge=1,
        le=365,
        description="How long a deleted object can be brought back; it also delays erasure by as much.",
    )
    abort_multipart_days: int = Field(
        default=1,
        ge=1,
        le=7,
        description="Remove unfinished uploads after this; Tempo's manual asks for one day.",
    )
