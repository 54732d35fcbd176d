"""Base model and value types that the settings sections share."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A group of settings: frozen, strict about types, without unknown keys."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        allow_inf_nan=False,
        use_attribute_docstrings=False,
    )


# RFC 1123 label, which Kubernetes requires for namespaces and most object names.
DnsLabel = Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
# RFC 1123 subdomain, which Kubernetes requires for the names of classes.
DnsSubdomain = Annotated[
    str, Field(pattern=r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", max_length=253)
]
# Short enough to keep bucket and object names derived from it within 63 characters.
ShortName = Annotated[str, Field(pattern=r"^[a-z]([-a-z0-9]{0,18}[a-z0-9])?$")]
# S3's rules for general purpose buckets, without dots: a dot breaks TLS for virtual-host addresses.
BucketName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$")]
HostAndPort = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[1-9][0-9]{0,4})?$", max_length=253)
]
Percentage = Annotated[float, Field(ge=0, le=100)]
Usd = Annotated[float, Field(ge=0, le=1_000_000)]


class Resources(Section):
    """CPU and memory of one container; the scheduler reserves the requests, the kubelet enforces the limits."""

    cpu_request_millicores: int = Field(
        ge=10, le=64_000, description="CPU that the scheduler reserves; 1000 is one core."
    )
    cpu_limit_millicores: int = Field(
        ge=10, le=64_000, description="CPU above which the container is throttled; 1000 is one core."
    )
    memory_request_mib: int = Field(ge=16, le=262_144, description="Memory that the scheduler reserves.")
    memory_limit_mib: int = Field(
        ge=64,
        le=262_144,
        description="Memory above which the container is killed; GOMEMLIMIT is derived from it.",
    )
