"""Cases for each check between sections: a refused change, its sentence, and the nearest accepted change."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

from settings.problems import Problem
from settings.stack import StackSettings

Check = Callable[[StackSettings], Iterator[Problem]]
IMAGE = {"repository": "quay.io/minio/mc", "tag": "1"}


@dataclasses.dataclass(frozen=True)
class Case:
    """A change of a committed stack that a check refuses, the sentence, and a similar change that it accepts."""

    check: Check
    stack: str
    refused: dict[str, Any]
    sentence: str
    accepted: dict[str, Any]

    def __str__(self) -> str:
        """Name the case after what it changes."""
        return f"{self.check.__name__}-{'-'.join(self.refused)}"
