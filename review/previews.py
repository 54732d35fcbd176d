"""The engine's preview, read from its event log: what it would do to which resource, and why it refused.

The log (`--event-log`) has one JSON document a line. The engine writes secrets into it as `[secret]`.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from review.findings import Finding, finding_of_event
from review.names import label
from snapshot.changes import CONFIG_MAP, SERVERS, Change, Effect, kind_of, mounted
from snapshot.recorder import Registration

Event = Mapping[str, Any]
# Steps that say what happens to a resource as a whole; those of a replacement's halves and of the refresh do not.
_EFFECTS = {
    "create": Effect.CREATED,
    "delete": Effect.DELETED,
    "replace": Effect.REPLACED,
    "update": Effect.UPDATED,
    "import": Effect.IMPORTED,
    "same": None,
}
# What the Kubernetes plugin writes on an object whose name it drew.
_DRAWN = "pulumi.com/autonamed"
# After its reasons the engine says only that something failed; and it repeats the resource that a reason is about.
_NO_REASON = re.compile(r"^preview failed$|^an unhandled error occurred: program exited")
_REPEATED = re.compile(r'(?<=resource )"urn:pulumi:[^"]*"\s*')
_STACK_CHECKED = "policyAnalyzeStackSummaryEvent"
_POLICY_EVENTS = ("policyEvent", "policyLoadEvent", "policyAnalyzeSummaryEvent", _STACK_CHECKED)


class PreviewError(Exception):
    """A file that is no event log of the engine."""


@dataclass(frozen=True)
class Step:
    """What happens to one resource: its states, its id before, and the paths at which the plugin sees changes."""

    operation: str
    urn: str
    before: Registration | None
    after: Registration | None
    identity: str
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """A preview.

    `findings` is None when no policy pack ran. `errors` are the engine's diagnostics. It is `complete` if the
    engine came to all resources, which it does not after an error, nor when a rule on one resource refuses that.
    It is `accepted` if neither the engine nor a policy refuses anything, so that an update could follow.
    """

    steps: tuple[Step, ...]
    findings: tuple[Finding, ...] | None
    errors: tuple[str, ...]
    complete: bool
    accepted: bool

    def changes(self) -> list[Change]:
        """Return what happens to each resource that changes, by kind and name, like `snapshot.changes`."""
        found = [change for step in self.steps if (change := self._change(step))]
        return sorted(found, key=lambda change: (change.kind, change.name))

    @property
    def before(self) -> list[Registration]:
        """The deployed resources."""
        return [step.before for step in self.steps if step.before]

    @property
    def after(self) -> list[Registration]:
        """The resources that would be there."""
        return [step.after for step in self.steps if step.after]

    def _change(self, step: Step) -> Change | None:
        found = step.after or step.before
        if found is None or not found.custom or _is_default_provider(found):
            return None
        if (effect := _effect(step)) is None:
            return None
        read_by = self._readers(found) if effect == Effect.RELOADED else ()
        return Change(effect, kind_of(found), found.name, bool(step.before and step.before.protect), read_by)

    def _readers(self, config_map: Registration) -> tuple[str, ...]:
        """Return the workloads whose Pods mount a ConfigMap and keep running."""
        name = config_map.inputs["metadata"]["name"]
        kept = [step.after for step in self.steps if step.after and _effect(step) in (None, Effect.UPDATED)]
        return tuple(sorted(one.name for one in kept if one.type in SERVERS and name in mounted(one)))


def read_events(path: Path) -> list[Event]:
    """Return the events in a log; raise `PreviewError` if it is none. A last line that is half written is left."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    try:
        events = [json.loads(line) for line in lines[:-1]] + _last(lines)
    except json.JSONDecodeError as error:
        raise PreviewError(
            f"{path} is no event log of the engine: {error}. Make it again: make preview."
        ) from error
    if not events or not all(isinstance(event, dict) and "sequence" in event for event in events):
        raise PreviewError(f"{path} is no event log of the engine: its lines have no events. Make it again.")
    return events


def preview(events: Iterable[Event]) -> Preview:
    """Return what the events of one preview say."""
    said = list(events)
    findings, reasons = _findings(said), tuple(dict.fromkeys(_reasons(said)))
    failed = any(map(_is_error, said)) or any(one.refuses for one in findings or ())
    # Rules on the whole stack run after all resources, also when they then refuse it.
    came_to_its_end = not failed or any(_STACK_CHECKED in event for event in said)
    complete = any("summaryEvent" in event for event in said) and came_to_its_end and not reasons
    return Preview(tuple(steps(said)), findings, reasons, complete=complete, accepted=complete and not failed)


def steps(events: Iterable[Event]) -> Iterator[Step]:
    """Yield what happens to each resource as a whole."""
    for event in events:
        step = event.get("resourcePreEvent", {}).get("metadata", {})
        if step.get("op") in _EFFECTS:
            old, new = step.get("old"), step.get("new")
            yield Step(
                operation=step["op"],
                urn=step["urn"],
                before=_state(old),
                after=None if step["op"] == "delete" else _state(new),
                identity=(old or {}).get("id", ""),
                paths=tuple(step.get("detailedDiff") or step.get("diffs") or ()),
            )


def _last(lines: Sequence[str]) -> list[Event]:
    try:
        return [json.loads(line) for line in lines[-1:]]
    except json.JSONDecodeError:
        return []


def _findings(events: Sequence[Event]) -> tuple[Finding, ...] | None:
    found = [finding_of_event(event["policyEvent"]) for event in events if "policyEvent" in event]
    packs = [event["summaryEvent"].get("PolicyPacks") for event in events if "summaryEvent" in event]
    ran = any(packs) or any(kind in event for event in events for kind in _POLICY_EVENTS)
    return tuple(dict.fromkeys(found)) if ran else None


def _is_error(event: Event) -> bool:
    return bool(event.get("diagnosticEvent", {}).get("severity") == "error")


def _reasons(events: Iterable[Event]) -> Iterator[str]:
    """Yield the engine's errors that say why."""
    for event in filter(_is_error, events):
        said = event["diagnosticEvent"]
        text = _REPEATED.sub("", said["message"].strip())
        if text and not _NO_REASON.search(text):
            yield f"{label(said['urn'])}: {text}" if said.get("urn") else text


def _effect(step: Step) -> Effect | None:
    """Return what a step does; the plugin's own comparison tells a restart from another update."""
    effect, found = _EFFECTS[step.operation], step.after or step.before
    if effect == Effect.REPLACED and found and drawn_name(found):
        return Effect.RENEWED
    if effect == Effect.UPDATED and found:
        if found.type in SERVERS and any(path.startswith("spec.template") for path in step.paths):
            return Effect.RESTARTED
        if found.type == CONFIG_MAP and any(path.startswith(("data", "binaryData")) for path in step.paths):
            return Effect.RELOADED
    return effect or _guard(step)


def _is_default_provider(resource: Registration) -> bool:
    """Return whether the engine made a provider by itself, which it does for each version of a plugin."""
    return resource.type.startswith("pulumi:providers:") and resource.name.startswith("default_")


def _guard(step: Step) -> Effect | None:
    if step.before is None or step.after is None:
        return None
    was, is_now = ((one.protect, one.retain_on_delete) for one in (step.before, step.after))
    return None if was == is_now else Effect.GUARDED


def drawn_name(resource: Registration) -> str | None:
    """Return the name that the Kubernetes plugin drew for an object; None for what has none, or does not tell it.

    In the place of a whole secret or unknown value the engine writes one text.
    """
    metadata = _mapping(resource.inputs.get("metadata"))
    return metadata.get("name") if _mapping(metadata.get("annotations")).get(_DRAWN) else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _state(state: Event | None) -> Registration | None:
    """Return a state of the engine's as the recorder would have found it; what no comment needs is empty."""
    if not state:
        return None
    return Registration(
        urn=state["urn"],
        type=state["type"],
        name=state["urn"].rpartition("::")[2],
        parent=state.get("parent", ""),
        provider=state.get("provider", ""),
        custom=state.get("custom", False),
        inputs=dict(state.get("inputs") or {}),
        protect=state.get("protect", False),
        retain_on_delete=state.get("retainOnDelete", False),
        dependencies=(),
        aliases=0,
        ignored=(),
        timeouts={},
        property_dependencies={},
    )
