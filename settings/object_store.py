"""Where blocks are stored: MinIO in the cluster, any S3-compatible endpoint, or Amazon S3."""

from typing import Literal

from pydantic import Field

from settings.base import BucketName, HostAndPort, Resources, Section

StoreKind = Literal["minio", "s3_compatible", "aws_s3"]
Encryption = Literal["none", "sse_s3", "sse_kms"]


class Minio(Section):
    """The MinIO that this program runs itself."""

    volume_size_gib: int = Field(
        ge=1, le=65_536, description="Size of the data volume; checked against the plan's stored bytes."
    )
    resources: Resources = Field(description="One server, one drive: MinIO's smallest layout.")


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
