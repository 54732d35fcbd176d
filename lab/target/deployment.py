"""Who changed a stack on a cluster of one's own last, as its state there says."""

import datetime as dt
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cli.command import user_name

_PREFIX = "fawkes.io/"


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """Who changed a stack last, as in `ada@laptop`; from which state folder, when (UTC), to how many resources."""

    who: str
    folder: str
    when: str
    resources: int

    @classmethod
    def of_this_process(cls, folder: Path, resources: int) -> Self:
        """Return what is noted of a change that is made now."""
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        return cls(
            who=f"{user_name(os.geteuid())}@{platform.node()}", folder=str(folder), when=now, resources=resources
        )

    @classmethod
    def from_annotations(cls, notes: Mapping[str, str]) -> Self:
        """Read it from a Secret; what somebody removed there is a question mark."""
        who, folder, when = (notes.get(_PREFIX + name, "?") for name in ("who", "folder", "when"))
        count = notes.get(f"{_PREFIX}resources", "")
        return cls(who=who, folder=folder, when=when, resources=int(count) if count.isdecimal() else 0)

    def annotations(self) -> dict[str, str]:
        """Write it for a Secret."""
        return {_PREFIX + name: str(value) for name, value in vars(self).items()}

    def __str__(self) -> str:
        """Say it in a sentence's middle."""
        return f"{self.resources} resources, last changed by {self.who} at {self.when} (state: {self.folder})"
