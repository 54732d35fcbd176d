"""What was given up above the ceiling: whether it was in the stated order, and never a failed trace."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from plan.cost import bill
from render.collectors.giving_up import CEILING, ORDER_OF_SACRIFICE
from render.names import GATEWAY
from tests.cluster.traffic import NAMED, REST
from tests.faults.counters import DROPPED, Key
from tests.faults.oracle import Judgement

CEILINGS = tuple(f"{CEILING}{name}" for name in ORDER_OF_SACRIFICE)
_CLASSES = {"failed": "failed", "slow": "slow", REST: "ordinary", **dict.fromkeys(NAMED, "named")}


def kept_shares(judgement: Judgement) -> Mapping[str, float]:
    """Return which share of the accepted traces of each class is there whole, in the order of sacrifice."""
    accepted = [one for one in judgement.judged if one.fate != "refused" and one.expected.kind in _CLASSES]
    sent = Counter(_CLASSES[one.expected.kind] for one in accepted)
    whole = Counter(_CLASSES[one.expected.kind] for one in accepted if one.fate == "whole")
    return {name: whole[name] / sent[name] if sent[name] else 0.0 for name in ORDER_OF_SACRIFICE}


def out_of_order(judgement: Judgement, grown: Mapping[Key, int]) -> Iterator[str]:
    """Yield a sentence for everything that giving up may not do."""
    shares = kept_shares(judgement)
    if shares["failed"] < 1:
        yield f"failed traces are missing: {shares['failed']:.1%} of them are there"
    if shares["ordinary"] == 1:
        yield "nothing was given up, so no order was shown"
    if [*shares.values()] != sorted(shares.values()):
        yield f"the order of sacrifice is not kept: {shown(shares)}"
    if parts := judgement.ids("in part"):
        yield f"{len(parts)} traces were given up in part: {', '.join(parts[:5])}"
    given_up = given_up_spans(grown)
    if judgement.missing > sum(given_up.values()):
        yield f"{judgement.missing} spans are missing, and the ceiling gave up {sum(given_up.values())}"


def given_up_spans(grown: Mapping[Key, int]) -> Mapping[str, int]:
    """Return the spans that each level of the ceiling gave up, in the order of sacrifice."""
    return {policy: grown.get((GATEWAY, f"{DROPPED} {policy}"), 0) for policy in CEILINGS}


def shown(shares: Mapping[str, float]) -> str:
    """Return the shares in words."""
    return ", ".join(f"{share:.1%} of {name}" for name, share in shares.items())


def rows(judgement: Judgement, grown: Mapping[Key, int]) -> Sequence[Sequence[str]]:
    """Return a row for each class: its traces' kept share, and the spans that its level gave up."""
    spans = given_up_spans(grown)
    return [
        (name, f"{share:.1%}", bill.shown(given_up))
        for (name, share), given_up in zip(kept_shares(judgement).items(), spans.values(), strict=True)
    ]
