"""Detect and settle what an interrupted run left: its lock, and creations of unknown outcome."""

import contextlib
import json
import subprocess
from pathlib import Path
from typing import Any

from lab.errors import LabError


def is_locked(locks: Path) -> bool:
    """Return whether the folder holds an interrupted run's lock; LabError when the run is still alive."""
    held = [json.loads(file.read_text(encoding="utf-8")) for file in locks.glob("*.json")]
    for lock in held:
        # Another program may have the process id by now.
        if _program(lock["pid"]).endswith("pulumi"):
            raise LabError(
                f"Another run (process {lock['pid']}, since {lock['timestamp']}) is changing this stack.",
                f"Wait until it ends, or interrupt it: kill -INT {lock['pid']}",
            )
    return bool(held)


def settled(deployment: dict[str, Any]) -> dict[str, Any]:
    """Return a state's deployment without pending operations, for the next refresh to find their outcome.

    A Kubernetes object whose creation was pending is recorded under the id that follows from its inputs: the
    refresh finds it or removes it. Created again without that record, it would conflict with itself. Any other
    creation is dropped, because its id is unknown before it has happened.
    """
    pending = deployment.get("pending_operations", [])
    resources = deployment.get("resources", [])
    known = {resource["urn"] for resource in resources}
    found = [_created(operation["resource"]) for operation in pending if operation["type"] == "creating"]
    added = [resource for resource in found if resource and resource["urn"] not in known]
    rest = {key: value for key, value in deployment.items() if key != "pending_operations"}
    return rest | {"resources": [*resources, *added]}


def _created(resource: dict[str, Any]) -> dict[str, Any] | None:
    """Return a resource as after its creation, None when its id does not follow from its inputs."""
    inputs = resource.get("inputs", {})
    metadata = inputs.get("metadata", {})
    if not resource["type"].startswith("kubernetes:") or "name" not in metadata:
        return None
    namespace = f"{metadata['namespace']}/" if "namespace" in metadata else ""
    return resource | {"id": namespace + metadata["name"], "outputs": inputs}


def _program(pid: int) -> str:
    """Return the name of a process's program, "" when there is no such process."""
    if Path("/proc/self/comm").exists():
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace").strip()
        return ""
    command = ["ps", "-o", "comm=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
