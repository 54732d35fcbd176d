"""Images come from known registries, in a version that does not change."""

from collections.abc import Iterator

from pydantic import Field

from policies.pods import WORKLOADS, containers, name_of
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity


class ImageBounds(Bounds):
    """Where images come from, and how exactly they are named."""

    registries: tuple[str, ...] = Field(
        ("docker.io", "ghcr.io", "quay.io"),
        description="Registries, also with the beginning of a repository: `docker.io/grafana`.",
    )
    digest_required: bool = Field(
        True, description="Whether every image names its digest; a tag may be pushed again with other content."
    )


def check(workload: Resource, bounds: ImageBounds) -> Iterator[str]:
    """Yield each container whose image may change, or comes from elsewhere."""
    for container in containers(workload):
        yield from (f"{name_of(container)} {problem}" for problem in _problems(container["image"].text(), bounds))


def _problems(image: str, bounds: ImageBounds) -> Iterator[str]:
    tagged, _, digest = image.partition("@")
    # A colon before the last slash belongs to the registry's port.
    folders, slash, last = tagged.rpartition("/")
    name, _, tag = last.partition(":")
    repository = f"{folders}{slash}{name}"
    if not any(repository.startswith(f"{registry}/") for registry in bounds.registries):
        yield f"runs {repository}, which is of none of these registries: {', '.join(bounds.registries)}."
    if digest:
        return
    if tag in ("", "latest"):
        yield f"runs {repository} in whatever version is the latest."
    elif bounds.digest_required:
        yield f"runs {repository}:{tag} without a digest."


RULE = ResourceRule(
    name="pods-run-pinned-images",
    promise="Every image comes from a known registry in one version.",
    severity=Severity.HIGH,
    to_do="Name registry, repository, tag and, where required, digest, in the settings below `images`.",
    controls=("NSA C-0078",),
    bounds=ImageBounds,
    types=WORKLOADS,
    check=check,
)
