"""The pinned container images."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from settings.base import DnsSubdomain, Section

Repository = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+$",
        max_length=200,
        description="Image name with its registry, because default registries differ.",
    ),
]


Mirror = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*(:[1-9][0-9]{0,4})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*$",
        max_length=200,
    ),
]


class Image(Section):
    """A container image: repository, tag and optionally the digest."""

    repository: Repository
    tag: str = Field(
        pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$",
        description="Exact version; `latest` is refused without a digest, because it may change between two "
        "deployments.",
    )
    digest: str | None = Field(
        default=None,
        pattern=r"^sha256:[0-9a-f]{64}$",
        description="Pins the content. Optional, because an air-gapped mirror may rebuild the image.",
    )

    def reference(self, mirror: str | None) -> str:
        """Return the image reference of a container spec: `repository:tag[@digest]`.

        `mirror` is `images.mirror`; it replaces the registry, the part before the first slash.
        """
        _, _, name = self.repository.partition("/")
        repository = f"{mirror}/{name}" if mirror else self.repository
        suffix = f"@{self.digest}" if self.digest else ""
        return f"{repository}:{self.tag}{suffix}"


class Images(Section):
    """The images of all containers that this program deploys."""

    mirror: Mirror | None = Field(
        default=None,
        description="Registry, with an optional path, that holds copies of all images: it replaces the registry "
        "of each repository, so `docker.io/grafana/tempo` becomes `<mirror>/grafana/tempo`. A pull-through cache "
        "with a path of its own for each registry, as Amazon ECR's, goes into the repositories instead.",
    )
    pull_secrets: tuple[DnsSubdomain, ...] = Field(
        default=(),
        max_length=10,
        description="Secrets of the namespace with the registries' credentials, for every Pod; this program does "
        "not create them.",
    )
    tempo: Image = Field(description="Grafana Tempo; the tag must be `tempo.version`.")
    collector: Image = Field(
        description="OpenTelemetry Collector; the distribution must include tail_sampling, load_balancing, "
        "k8s_attributes, redaction, transform and file_storage."
    )
    memcached: Image | None = Field(
        default=None, description="Cache of Tempo in microservices mode; required only there."
    )
    object_store: Image | None = Field(
        default=None, description="MinIO server; required only when `object_store.kind` is `minio`."
    )
    object_store_client: Image | None = Field(
        default=None,
        description="MinIO client `mc`, which sets up the bucket of any S3-compatible store; "
        "required unless `object_store.kind` is `aws_s3`.",
    )
    oauth2_proxy: Image | None = Field(
        default=None,
        description="oauth2-proxy, which checks users' tokens; required only when `access.mode` is `proxy`.",
    )
    caddy: Image | None = Field(
        default=None,
        description="Caddy 2.11.9 or newer, through which Tempo is read; required only when `access.mode` is "
        "`proxy`.",
    )

    synthetic_check: Image | None = Field(
        default=None,
        description="Python 3.11 or newer, for the synthetic check; required unless `synthetic_check.enabled` is "
        "false.",
    )

    def by_name(self) -> Mapping[str, Image]:
        """Return the images that are set, by their setting's name."""
        return {name: value for name, value in self if isinstance(value, Image)}
