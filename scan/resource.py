"""What is scanned: resources as the program registers them, from the recorder or from anywhere else."""

from collections.abc import Mapping
from typing import Any, Protocol

KUBERNETES, AWS = "kubernetes:", "aws:"


class Resource(Protocol):
    """A custom resource: `snapshot.recorder.Registration` is one.

    `type` is Pulumi's token, such as `aws:s3/bucket:Bucket`; `name` is the logical name, unique in a stack;
    `inputs` are in camelCase.
    """

    @property
    def type(self) -> str:
        """The type token."""

    @property
    def name(self) -> str:
        """The logical name."""

    @property
    def inputs(self) -> Mapping[str, Any]:
        """The inputs."""
