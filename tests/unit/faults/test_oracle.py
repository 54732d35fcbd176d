import random
from dataclasses import replace

import pytest

from tests.cluster.traffic import ALWAYS_KEPT, REST, Trace
from tests.faults.oracle import Expected, expected_of, fnv1a, in_baseline, judge, must_keep, unreadable
from tests.support.stacks import settings_of

_SAMPLING = settings_of("dojo").sampling
_SPANS = frozenset({b"1", b"2", b"3", b"4"})
_KEPT = Expected(b"kept", "failed", True, _SPANS)
_DROPPED = Expected(b"dropped", REST, False, _SPANS)


def test_the_hash_is_fnv_1a() -> None:
    """Vectors of its authors."""
    assert (fnv1a(b"a"), fnv1a(b"foobar")) == (0xAF63DC4C8601EC8C, 0x85944171F73967E8)


@pytest.mark.parametrize("percentage", [0, 1, 10, 50, 100])
def test_the_baseline_keeps_its_share(percentage: float) -> None:
    chance = random.Random(1)  # noqa: S311 - must be reproducible, protects nothing
    kept = sum(in_baseline(chance.randbytes(16), percentage) for _ in range(10_000))
    assert kept == pytest.approx(100 * percentage, abs=100)


@pytest.mark.parametrize("kind", ALWAYS_KEPT)
def test_a_special_trace_must_be_kept_whatever_the_baseline(kind: str) -> None:
    assert must_keep(Trace(bytes(16), kind), _SAMPLING.model_copy(update={"baseline_percentage": 0}))


def test_what_the_settings_do_not_name_is_part_of_the_rest() -> None:
    nothing = {"baseline_percentage": 0, "named_users": (), "named_paths": (), "slow_threshold_ms": 5000}
    settings = _SAMPLING.model_copy(update=nothing)
    assert [kind for kind in ALWAYS_KEPT if must_keep(Trace(bytes(16), kind), settings)] == ["failed"]


def test_a_trace_of_the_steady_traffic_has_four_spans() -> None:
    assert len(expected_of(Trace(b"i" * 16, REST), _SAMPLING).spans) == 4


@pytest.mark.parametrize(
    ("expected", "found", "fate", "missing"),
    [
        (_KEPT, _SPANS, "whole", 0),
        (_KEPT, frozenset({b"1", b"2"}), "in part", 2),
        (_KEPT, frozenset(), "lost", 4),
        (_DROPPED, frozenset(), "not kept", 0),
        (_DROPPED, frozenset({b"1"}), "wrongly kept", 0),
    ],
)
def test_a_trace_is_judged_by_its_spans(
    expected: Expected, found: frozenset[bytes], fate: str, missing: int
) -> None:
    (judged,) = judge([expected], set(), {expected.id: found}).judged
    assert (judged.fate, judged.missing) == (fate, missing)


@pytest.mark.parametrize("found", [frozenset(), _SPANS])
def test_what_the_application_was_told_is_not_lost(found: frozenset[bytes]) -> None:
    """A request that was given up may have arrived all the same."""
    judgement = judge([_KEPT], {_KEPT.id}, {_KEPT.id: found})
    assert (judgement.count("refused"), judgement.to_keep, judgement.missing) == (1, 0, 0)


def test_a_judgement_adds_up() -> None:
    lost = replace(_KEPT, id=b"lost")
    judgement = judge([_KEPT, lost, _DROPPED], set(), {_KEPT.id: frozenset({b"1"})})
    assert (judgement.sent, judgement.to_keep, judgement.missing, judgement.found) == (3, 2, 7, 1)
    assert judgement.ids("lost", "in part") == [b"kept".hex(), b"lost".hex()]


def test_only_accepted_traces_that_must_be_kept_are_waited_for() -> None:
    refused = replace(_KEPT, id=b"refused")
    part = {_KEPT.id: frozenset({b"1"})}
    assert unreadable([_KEPT, _DROPPED, refused], {refused.id}, part) == [_KEPT]
    assert unreadable([_KEPT], set(), {_KEPT.id: _SPANS}) == []
