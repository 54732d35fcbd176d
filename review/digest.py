"""A short text that stands for what a preview would do, to compare it with a later preview of the same commit."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from review.previews import Event, PreviewError, Step, drawn_name, preview, steps
from snapshot.recorder import Registration

_DRAWN = "[a drawn name]"


def digest(events: Iterable[Event]) -> str:
    """Return a digest of what a preview would do to which resources with which inputs: 64 hexadecimal digits.

    Equal previews have equal digests: times, the order of the steps, names that each preview draws anew and the
    values of secrets (the engine's log has none) do not count. Neither do resources that stay the same, nor
    findings of policies: a preview that they refuse has no digest. Raise `PreviewError` for one that failed.
    """
    said = list(events)
    if not (found := preview(said)).accepted:
        refusing = {one.rule for one in found.findings or () if one.refuses}
        reasons = [*found.errors, *(f"the policy {rule} refuses it" for rule in sorted(refusing))]
        raise PreviewError(f"The preview failed: {'; '.join(reasons) or 'its event log ends early'}.")
    changing = [
        step for step in steps(said) if step.operation != "same" or _options(step.before) != _options(step.after)
    ]
    text = json.dumps(sorted(map(_said, changing), key=json.dumps), sort_keys=True)
    for name in sorted(_drawn_names(changing), key=len, reverse=True):
        text = text.replace(name, _DRAWN)
    return hashlib.sha256(text.encode()).hexdigest()


def _said(step: Step) -> dict[str, Any]:
    """Return a step as data: the operation, on which real resource, and the state that is wanted."""
    after = step.after
    return {
        "urn": step.urn,
        "operation": step.operation,
        "identity": step.identity,
        "inputs": after.inputs if after else None,
        "options": _options(after),
        "paths": sorted(step.paths),
    }


def _options(state: Registration | None) -> list[bool]:
    return [state.protect, state.retain_on_delete] if state else []


def _drawn_names(changing: Iterable[Step]) -> set[str]:
    """Return the names that the Kubernetes plugin drew for this preview: those of objects to create."""
    states = [step.after for step in changing if step.after and step.operation in {"create", "replace"}]
    return {name for state in states if (name := drawn_name(state))}
