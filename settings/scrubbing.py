"""Removal of secrets and personal values from kept spans."""

from typing import Literal

from pydantic import Field

from settings.base import Section


class Scrubbing(Section):
    """What the gateways mask in addition, and what they drop because no processor can search it."""

    mode: Literal["patterns", "allow_list"] = Field(
        default="patterns",
        description="`patterns` keeps every attribute and masks what looks like a secret; `allow_list` also drops "
        "every attribute that is neither in `allowed_keys` nor in the semantic conventions "
        "(render/collectors/scrubbing/keys.py).",
    )
    allowed_keys: tuple[str, ...] = Field(default=())
    additional_keys: tuple[str, ...] = Field(default=())
    additional_patterns: tuple[str, ...] = Field(default=())
    drop_links: bool = Field(default=True, description="")
    drop_trace_state: bool = Field(default=True, description="")
