"""Checks of the images that run."""

from collections.abc import Iterator

from settings.images import Image
from settings.problems import Problem, shown
from settings.stack import StackSettings

_MOVING = "latest"


def every_image_stays_the_same(settings: StackSettings) -> Iterator[Problem]:
    """With a tag that moves, two Pods of one workload may run two versions, and no preview shows a change."""
    for name in type(settings.images).model_fields:
        image: Image | None = getattr(settings.images, name)
        if image and image.tag == _MOVING and not image.digest:
            yield Problem(
                f"images.{name}.tag",
                "is a tag that moves from version to version",
                shown(image.tag),
                "an exact version, or a digest beside it",
                "Name the version that you have tried.",
            )
