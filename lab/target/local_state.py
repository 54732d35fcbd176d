"""This machine's copy of a stack's state, read without the engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from lab.engine.project import Project
from settings.project import PROJECT, REPO


@dataclass(frozen=True)
class Namespace:
    """A namespace by name and uid: one that was deleted and created again is another.

    `ours` is whether its label names this project.
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
    """Return the resources in the state of this engine's folder, secrets encrypted."""
    return Project(repo=REPO, stack=stack, home=home).resources()


def namespaces(known: list[dict[str, Any]]) -> list[Namespace]:
    """Return the namespaces among a state's resources."""
    created = [each.get("outputs", {}) for each in known if each.get("type") == "kubernetes:core/v1:Namespace"]
    return [Namespace.of(outputs["metadata"]) for outputs in created if outputs.get("metadata")]


def unshared_stacks(home: Path) -> list[str]:
    """Return the stacks whose resources are known to this folder alone: no cluster has a copy."""
    files = Project(repo=REPO, stack="", home=home).state_file.parent.glob("*.json")
    stacks = sorted(file.stem for file in files)
    return [stack for stack in stacks if resources(home, stack) and not (home / f"shared-{stack}").exists()]
