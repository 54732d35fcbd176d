"""What this machine's own state of a stack has, read without the engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from lab.engine.project import Project
from settings.project import PROJECT, REPO


@dataclass(frozen=True)
class Namespace:
    """A namespace as it was made once: one that was made again under its name is another.

    `ours`: its label says that this project made it.
    """

    name: str
    uid: str
    ours: bool = field(compare=False)

    @classmethod
    def of(cls, metadata: Mapping[str, Any]) -> Self:
        """Read it from an object's metadata."""
        labels = metadata.get("labels") or {}
        return cls(metadata["name"], metadata.get("uid") or "", labels.get("app.kubernetes.io/part-of") == PROJECT)


def resources(home: Path, stack: str) -> list[dict[str, Any]]:
    """Return the resources that the engine in this folder knows, secrets encrypted."""
    return Project(repo=REPO, stack=stack, home=home).resources()


def namespaces(known: list[dict[str, Any]]) -> list[Namespace]:
    """Return the namespaces among resources of a state."""
    made = (resource for resource in known if resource.get("type") == "kubernetes:core/v1:Namespace")
    return [Namespace.of(metadata) for one in made if (metadata := one.get("outputs", {}).get("metadata"))]


def unshared_stacks(home: Path) -> list[str]:
    """Return the stacks whose resources only this folder of the engine's knows: no cluster has a copy."""
    files = Project(repo=REPO, stack="", home=home).state_file.parent.glob("*.json")
    stacks = sorted(file.stem for file in files)
    return [stack for stack in stacks if resources(home, stack) and not (home / f"shared-{stack}").exists()]
