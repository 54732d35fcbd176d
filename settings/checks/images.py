"""Checks of the container images."""

from collections.abc import Iterator

from settings.images import Image
from settings.problems import Problem, shown
from settings.stack import StackSettings

_FLOATING = "latest"


def images_are_pinned(settings: StackSettings) -> Iterator[Problem]:
    """With a floating tag, two Pods of one workload may run two versions, and no preview shows a change."""
    for name in type(settings.images).model_fields:
        image: Image | None = getattr(settings.images, name)
        if image and image.tag == _FLOATING and not image.digest:
            yield Problem(
                f"images.{name}.tag",
                "is a floating tag",
                shown(image.tag),
                "an exact version, or a digest beside it",
                "Set the version that you have tested, or add its digest.",
            )
