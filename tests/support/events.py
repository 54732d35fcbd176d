"""Events as the engine writes them into its log, of as many fields as tests need."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PROD = "urn:pulumi:prod::fawkes-tracing::"
STACK_URN = f"{PROD}pulumi:pulumi:Stack::fawkes-tracing-prod"


def state(kind: str, name: str, inputs: Mapping[str, Any], **other: Any) -> dict[str, Any]:
    """Return the state of a resource; `other` are fields of the event such as `protect`."""
    urn = f"{PROD}fawkes:tracing:Parent${kind}::{name}"
    return {"type": kind, "urn": urn, "custom": True, "id": f"{name}-id", "inputs": dict(inputs), **other}


def step(
    operation: str,
    old: Mapping[str, Any] | None,
    new: Mapping[str, Any] | None,
    paths: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Return the event of a planned step."""
    urn = (new or old or {})["urn"]
    diff = {path: {"diffKind": "update"} for path in paths} or None
    metadata = {"op": operation, "urn": urn, "old": old, "new": new, "detailedDiff": diff}
    return {"sequence": 1, "timestamp": 1, "resourcePreEvent": {"metadata": metadata, "planning": True}}


def violation(rule: str, level: str, severity: str, message: str, urn: str = STACK_URN) -> dict[str, Any]:
    """Return the event of a violation."""
    found = {"resourceUrn": urn, "message": message, "policyName": rule, "enforcementLevel": level}
    return {"sequence": 1, "policyEvent": found | ({"severity": severity} if severity else {})}


def error(message: str, urn: str = "") -> dict[str, Any]:
    """Return a diagnostic of the engine."""
    found = {"severity": "error", "message": message} | ({"urn": urn} if urn else {})
    return {"sequence": 1, "diagnosticEvent": found}


def summary(packs: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the event that ends a preview."""
    return {"sequence": 1, "summaryEvent": {"resourceChanges": {}, "PolicyPacks": packs or {}, "isPreview": True}}


def written(folder: Path, stack: str, events: list[dict[str, Any]]) -> Path:
    """Write a log into a folder of previews and return it."""
    file = folder / f"{stack}.jsonl"
    file.write_text("".join(f"{json.dumps(event)}\n" for event in events), encoding="utf-8")
    return file
