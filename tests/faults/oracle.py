"""What must become of each trace, by the settings alone, and what became of it.

The oracle repeats the sampler's decision from the trace's kind and id, so it knows also of the rest which traces
had to be kept, and sees one that was kept against its decision.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

from settings.sampling import Sampling
from tests.cluster.traffic import NAMED, REST, SLOW_MS, Trace, span_ids

Fate = Literal["whole", "in part", "lost", "not kept", "wrongly kept", "refused"]
_THERE = ("whole", "in part", "wrongly kept")
# The sampler's salt unless its policy names one (`defaultHashSalt` in the processor's probabilistic.go).
_SALT = b"default-hash-seed"
_FNV_OFFSET, _FNV_PRIME, _MASK = 0xCBF29CE484222325, 0x100000001B3, 0xFFFFFFFFFFFFFFFF


@dataclass(frozen=True)
class Expected:
    """A trace that was sent: the ids of its spans, and whether the settings keep it."""

    id: bytes
    kind: str
    kept: bool
    spans: frozenset[bytes]


@dataclass(frozen=True)
class Judged:
    """What became of a trace, and how many of its spans are missing."""

    expected: Expected
    fate: Fate
    missing: int = 0


@dataclass(frozen=True)
class Judgement:
    """What became of all traces of a run."""

    judged: tuple[Judged, ...]

    def count(self, fate: Fate) -> int:
        """Return the number of traces that ended so."""
        return sum(one.fate == fate for one in self.judged)

    def ids(self, *fates: Fate) -> list[str]:
        """Return the ids in hex of the traces that ended in one of these ways, in the order of sending."""
        return [one.expected.id.hex() for one in self.judged if one.fate in fates]

    @property
    def sent(self) -> int:
        """Traces that were sent, refused ones too."""
        return len(self.judged)

    @property
    def to_keep(self) -> int:
        """Traces that were accepted and had to be kept."""
        return sum(one.expected.kept and one.fate != "refused" for one in self.judged)

    @property
    def missing(self) -> int:
        """Spans that were accepted, had to be kept and are not there."""
        return sum(one.missing for one in self.judged)

    @property
    def found(self) -> int:
        """Spans of accepted traces that are there."""
        return sum(len(one.expected.spans) - one.missing for one in self.judged if one.fate in _THERE)


def must_keep(trace: Trace, sampling: Sampling) -> bool:
    """Return whether the settings keep a trace of this kind and id."""
    named = {*sampling.named_users, *sampling.named_paths}
    special = {
        "failed": True,
        "slow": sampling.slow_threshold_ms <= SLOW_MS,
        **{key: value in named for key, value in NAMED.items()},
        REST: False,
    }
    return special[trace.kind] or in_baseline(trace.id, sampling.baseline_percentage)


def in_baseline(trace_id: bytes, percentage: float) -> bool:
    """Return whether the baseline keeps a trace, by the sampler's own hash of its salt and the id."""
    return fnv1a(_SALT + trace_id) <= int(percentage / 100 * _MASK)


def fnv1a(data: bytes) -> int:
    """Return the 64 bits of the hash FNV-1a."""
    value = _FNV_OFFSET
    for byte in data:
        value = ((value ^ byte) * _FNV_PRIME) & _MASK
    return value


def expected_of(trace: Trace, sampling: Sampling) -> Expected:
    """Return what must become of a trace of the steady traffic."""
    return Expected(trace.id, trace.kind, must_keep(trace, sampling), frozenset(span_ids(trace)))


def judge(
    sent: Iterable[Expected], refused: AbstractSet[bytes], found: Mapping[bytes, AbstractSet[bytes]]
) -> Judgement:
    """Return what became of every trace: `refused` by id, and the ids of spans that Tempo returned, by trace."""
    return Judgement(tuple(_judged(one, found.get(one.id, set()), refused) for one in sent))


def unreadable(
    sent: Iterable[Expected], refused: AbstractSet[bytes], found: Mapping[bytes, AbstractSet[bytes]]
) -> list[Expected]:
    """Return the traces that have to become readable, and are not whole yet."""
    due = (one for one in sent if one.kept and one.id not in refused)
    return [one for one in due if one.spans - found.get(one.id, set())]


def _judged(expected: Expected, found: AbstractSet[bytes], refused: AbstractSet[bytes]) -> Judged:
    if expected.id in refused:
        return Judged(expected, "refused")
    if not expected.kept:
        return Judged(expected, "wrongly kept" if found else "not kept")
    missing = len(expected.spans - found)
    fate: Fate = "whole" if not missing else "lost" if missing == len(expected.spans) else "in part"
    return Judged(expected, fate, missing)
