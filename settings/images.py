"""Which container images run, pinned."""

from typing import Annotated

from pydantic import Field

from settings.base import Section

Repository = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+$",
        max_length=200,
        description="Image name with its registry, so that no default registry is guessed.",
    ),
]


class Image(Section):
    """One image: repository and tag, and a digest where the registry's is known."""

    repository: Repository
    tag: str = Field(
        pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$",
        description="Exact version; `latest` is refused without a digest because it makes two runs differ.",
    )
    digest: str | None = Field(
        default=None,
        pattern=r"^sha256:[0-9a-f]{64}$",
        description="Pins the bytes. Optional, because an air-gapped mirror may rebuild the image.",
    )

    def reference(self) -> str:
        """Return the image as a container spec writes it: `repository:tag[@digest]`."""
        suffix = f"@{self.digest}" if self.digest else ""
        return f"{self.repository}:{self.tag}{suffix}"


class Images(Section):
    """The images of everything this program runs."""

    tempo: Image = Field(description="Grafana Tempo; the tag must be `tempo.version`.")
    collector: Image = Field(
        description="OpenTelemetry Collector, a distribution that has tail_sampling, load_balancing, "
        "k8s_attributes, redaction, transform and file_storage."
    )
    memcached: Image | None = Field(
        default=None, description="Cache of a Tempo of microservices; needed only for that."
    )
    object_store: Image | None = Field(
        default=None, description="MinIO server; needed only when `object_store.kind` is `minio`."
    )
    object_store_client: Image | None = Field(
        default=None,
        description="MinIO client `mc`, which sets up the bucket of any S3-compatible store; "
        "not needed when `object_store.kind` is `aws_s3`.",
    )
