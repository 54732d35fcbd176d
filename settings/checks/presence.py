"""Problems of settings that another setting requires or rules out."""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from settings.images import Image
from settings.problems import Problem, shown

Deciding = Mapping[str, str]


def present_only_if(
    required: bool,  # noqa: FBT001 - reads as a sentence where it is called
    path: str,
    value: object,
    *,
    by: Deciding,
    wanted: str = "a value",
) -> Iterator[Problem]:
    """Yield a problem if a required setting is missing, or one that does not apply is set.

    `by` maps the settings that decide about it to their values; `wanted` describes the missing value.
    """
    if required and value is None:
        yield Problem(
            path, f"is required by {_listed(by)}", "nothing", wanted, f"Add it, or change {_either(by)}."
        )
    if not required and value is not None:
        got = "a value" if isinstance(value, BaseModel) else shown(value)
        what = f"does not apply to {_listed(by)}"
        yield Problem(path, what, got, "nothing", f"Remove it, or change {_either(by)}.")


def required_image(name: str, image: Image | None, *, by: Deciding) -> Iterator[Problem]:
    """Yield a problem if the image is missing."""
    if image is None:
        what = f"is required by {_listed(by)}"
        yield Problem(f"images.{name}", what, "nothing", "an image", "Add its repository and tag.")


def _listed(by: Deciding) -> str:
    return " with ".join(f"{path} {shown(value)}" for path, value in by.items())


def _either(by: Deciding) -> str:
    return " or ".join(by)
