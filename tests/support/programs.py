"""Recordings of the whole program of each committed stack, and access to its Pods."""

import functools
from typing import Any

from snapshot.program import record_program
from snapshot.recorder import Recorder, Registration
from tests.support.stacks import as_config, sections

SERVERS = ("StatefulSet", "DaemonSet", "Deployment")
_WORKLOADS = (*SERVERS, "Job")


@functools.cache
def recorded(stack: str) -> Recorder:
    """Return the record of a committed stack."""
    return record_program(as_config(sections(stack)), stack)


def changed(changes: dict[str, Any], extra: dict[str, Any] | None = None) -> Recorder:
    """Return the record of the dojo with dotted settings changed; `extra` is added to its configuration."""
    return record_program(as_config(sections("dojo", changes)) | (extra or {}), "dojo")


def workloads(recorder: Recorder, kinds: tuple[str, ...] = _WORKLOADS) -> list[Registration]:
    """Return every workload of these kinds; fail if there is none."""
    found = [workload for kind in kinds for workload in recorder.of_type(kind)]
    assert found, "a program without workloads would pass every test of them"
    return found


def pod(workload: Registration) -> dict[str, Any]:
    """Return the Pod spec of a workload."""
    return dict(workload.inputs["spec"]["template"]["spec"])


def pod_labels(workload: Registration) -> dict[str, str]:
    """Return the labels of a workload's Pods."""
    return dict(workload.inputs["spec"]["template"]["metadata"]["labels"])
