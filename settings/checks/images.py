"""Checks of the container images."""

from collections.abc import Iterator

from settings.images import Images
from settings.problems import Problem, shown
from settings.stack import StackSettings

_FLOATING = "latest"


def images_are_pinned(settings: StackSettings) -> Iterator[Problem]:
    """With a floating tag, two Pods of one workload may run two versions, and no preview shows a change."""
    for name, image in settings.images.by_name().items():
        if image.tag == _FLOATING and not image.digest:
            yield Problem(
                f"images.{name}.tag",
                "is a floating tag",
                shown(image.tag),
                "an exact version, or a digest beside it",
                "Set the version that you have tested, or add its digest.",
            )


def the_mirror_replaces_a_registry(settings: StackSettings) -> Iterator[Problem]:
    """The mirror takes the place of a registry, and a name without one is looked up on Docker Hub."""
    if settings.images.mirror is None:
        return
    for path, name in _hosts(settings.images):
        if not _is_registry(name):
            yield Problem(
                path,
                "begins with no registry, and images.mirror replaces one",
                shown(name),
                "a host name with a dot or a port, or localhost",
                "Write the registry out, as in docker.io/grafana/tempo, or remove images.mirror.",
            )


def the_check_has_an_image(settings: StackSettings) -> Iterator[Problem]:
    """The synthetic check's Pod runs Python, which no other image of the stack has."""
    if settings.synthetic_check.enabled and settings.images.synthetic_check is None:
        yield Problem(
            "images.synthetic_check",
            "is not set, and synthetic_check.enabled is true",
            "nothing",
            "an image with Python 3.11 or newer",
            "Set it as in Pulumi.prod.yaml, or set synthetic_check.enabled to false.",
        )


def pull_secrets_are_listed_once(settings: StackSettings) -> Iterator[Problem]:
    """The API server refuses a Pod that names a pull secret twice."""
    names = settings.images.pull_secrets
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem(
            "images.pull_secrets", "lists a Secret twice", shown(name), "each name once", "Remove one of them."
        )


def _hosts(images: Images) -> Iterator[tuple[str, str]]:
    """Yield the path of each setting that names a registry, and what it has before the first slash."""
    repositories = {f"images.{name}.repository": image.repository for name, image in images.by_name().items()}
    for path, reference in {"images.mirror": images.mirror or "", **repositories}.items():
        yield path, reference.partition("/")[0]


def _is_registry(name: str) -> bool:
    """Apply the rule of Docker and containerd."""
    return "." in name or ":" in name or name == "localhost"
