"""Warnings of a change that could lose data: what goes, and what keeps it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from review.names import counted
from snapshot.changes import Change, Effect, kind_of
from snapshot.recorder import Registration

_GOES = (Effect.DELETED, Effect.REPLACED, Effect.RENEWED)
_STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
# Amazon's default for a key that names no window.
_DELETION_WINDOW_DAYS = 30


@dataclass(frozen=True)
class Warned:
    """A sentence for the reviewer; `loses` if the change as it is deletes data, not only a way to it."""

    sentence: str
    loses: bool


def losses(
    changes: Sequence[Change], before: Sequence[Registration], after: Sequence[Registration]
) -> Iterator[Warned]:
    """Yield a warning for each change of what holds data; `before` and `after` are the stack's resources."""
    was, is_now = _by_name(before), _by_name(after)
    for change in changes:
        key = change.kind, change.name
        if key not in was or not (holds := _held(was[key])):
            continue
        if change.effect in _GOES:
            outcome, loses = _outcome(was[key], change, holds)
            yield Warned(f"{change.kind} {change.name} is {_verb(change)}: {outcome}", loses)
        elif change.effect == Effect.GUARDED and key in is_now:
            yield from _unguarded(change, was[key], is_now[key])


def shorter_retention(before: Mapping[str, int], after: Mapping[str, int]) -> Iterator[Warned]:
    """Yield a warning for each tier whose traces are deleted earlier; hours by the name of the setting."""
    for setting, hours in before.items():
        if setting not in after:
            yield Warned(f"{setting} ({hours} h) is removed: Tempo deletes the traces of that tier.", loses=True)
        elif after[setting] < hours:
            sentence = f"{setting} goes from {hours} h to {after[setting]} h: Tempo deletes traces that are older."
            yield Warned(sentence, loses=True)


def _verb(change: Change) -> str:
    return Effect.REPLACED if change.effect == Effect.RENEWED else change.effect


def _outcome(resource: Registration, change: Change, holds: str) -> tuple[str, bool]:
    """Return what becomes of the data, and whether it is lost."""
    if change.is_refused:
        return f"it is protected, so the engine refuses the whole update. It holds {holds}.", False
    if resource.retain_on_delete:
        conflict = "" if change.effect == Effect.DELETED else " A new one of the same name conflicts with it."
        return f"it stays where it is, and no stack manages it any more. It holds {holds}.{conflict}", False
    if _outlives(resource):
        return f"{holds} stay, and a StatefulSet of the same name takes them over.", False
    return f"this deletes {holds}.", True


def _held(resource: Registration) -> str:
    """Return what a resource holds, '' for nothing."""
    look = _HOLDS.get(resource.type)
    return look(resource.inputs) if look else ""


def _outlives(resource: Registration) -> bool:
    """Return whether the volumes of a StatefulSet stay when it is deleted."""
    if resource.type != _STATEFUL_SET:
        return False
    policy = resource.inputs["spec"].get("persistentVolumeClaimRetentionPolicy", {})
    return bool(policy.get("whenDeleted", "Retain") == "Retain")


def _volumes(inputs: Mapping[str, Any]) -> str:
    spec = inputs["spec"]
    return f"the volumes of {counted(spec.get('replicas', 1), 'Pod')}" if spec.get("volumeClaimTemplates") else ""


def _objects(inputs: Mapping[str, Any]) -> str:
    # Without `forceDestroy` Amazon deletes an empty bucket only.
    refused = "" if inputs.get("forceDestroy") else ", which Amazon refuses unless it is empty"
    return f"the bucket {inputs.get('bucket', '')} with all its objects{refused}"


def _encrypted(inputs: Mapping[str, Any]) -> str:
    days = inputs.get("deletionWindowInDays", _DELETION_WINDOW_DAYS)
    return f"the key to everything that it encrypted ({days} days later)"


_HOLDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "aws:kms/key:Key": _encrypted,
    "aws:s3/bucket:Bucket": _objects,
    _STATEFUL_SET: _volumes,
    "kubernetes:core/v1:Namespace": lambda _: "everything in the namespace, volumes included",
    "kubernetes:core/v1:PersistentVolumeClaim": lambda _: "a volume",
    # MinIO's encryption key is one. Random passwords are credentials, which can be drawn again.
    "random:index/randomBytes:RandomBytes": lambda _: "the key to everything that it encrypted",
}


def _unguarded(change: Change, was: Registration, is_now: Registration) -> Iterator[Warned]:
    if was.protect and not is_now.protect:
        sentence = f"{change.kind} {change.name} is protected no longer: a later change can delete or replace it."
        yield Warned(sentence, loses=False)
    elif was.retain_on_delete and not is_now.retain_on_delete:
        sentence = f"{change.kind} {change.name} is retained no longer: what deletes it later deletes its data."
        yield Warned(sentence, loses=False)


def _by_name(resources: Sequence[Registration]) -> dict[tuple[str, str], Registration]:
    return {(kind_of(one), one.name): one for one in resources}
