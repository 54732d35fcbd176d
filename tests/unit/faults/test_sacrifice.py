from collections import Counter
from dataclasses import replace

import pytest

from render.names import GATEWAY
from tests.cluster.traffic import REST
from tests.faults.counters import DROPPED
from tests.faults.oracle import Expected, Judgement, judge
from tests.faults.sacrifice import given_up_spans, kept_shares, out_of_order

_SPANS = frozenset({b"1", b"2"})
_COUNTED = Counter({(GATEWAY, f"{DROPPED} ceiling-ordinary"): 100})


def _judged(**whole: int) -> Judgement:
    """Return a judgement on ten traces of each kind, of which so many are whole and the others lost."""
    sent = [
        Expected(f"{kind} {number}".encode(), kind, True, _SPANS)
        for kind in ("failed", "slow", "user.id", REST)
        for number in range(10)
    ]
    there = {one.id: _SPANS for one in sent if int(one.id.split()[-1]) < whole[one.kind.replace(".", "_")]}
    return judge(sent, set(), there)


def test_the_order_of_sacrifice_is_no_problem() -> None:
    judgement = _judged(failed=10, user_id=9, slow=5, rest=1)
    assert kept_shares(judgement) == {"ordinary": 0.1, "slow": 0.5, "named": 0.9, "failed": 1.0}
    assert [*out_of_order(judgement, _COUNTED)] == []


@pytest.mark.parametrize(
    ("whole", "says"),
    [
        ({"failed": 9, "user_id": 9, "slow": 5, "rest": 1}, "failed traces are missing: 90.0%"),
        ({"failed": 10, "user_id": 4, "slow": 5, "rest": 1}, "the order of sacrifice is not kept"),
        ({"failed": 10, "user_id": 10, "slow": 10, "rest": 10}, "nothing was given up"),
    ],
)
def test_any_other_order_is_one(whole: dict[str, int], says: str) -> None:
    assert any(says in sentence for sentence in out_of_order(_judged(**whole), _COUNTED))


def test_more_than_the_ceiling_gave_up_is_lost() -> None:
    judgement = _judged(failed=10, user_id=9, slow=5, rest=1)
    few = Counter({(GATEWAY, f"{DROPPED} ceiling-ordinary"): 3})
    assert [*out_of_order(judgement, few)] == ["30 spans are missing, and the ceiling gave up 3"]
    assert given_up_spans(few)["ceiling-failed"] == 0


def test_a_trace_that_is_there_in_part_was_not_given_up_as_a_whole() -> None:
    one = Expected(b"one", REST, True, _SPANS)
    failed = replace(one, id=b"failed", kind="failed")
    judgement = judge([one, failed], set(), {b"one": {b"1"}, b"failed": _SPANS})
    assert any("given up in part" in sentence for sentence in out_of_order(judgement, _COUNTED))
