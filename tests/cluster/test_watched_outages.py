"""Real faults make real alerts fire. Only their waiting time is shortened, to 20 s; no expression is changed."""

from collections.abc import Iterator

import pytest

from tests.cluster.lab_prometheus import firing, impatient_rules
from tests.cluster.outages import OUTAGES, Outage
from tests.support.live import LiveStack
from tests.support.waiting import eventually

pytestmark = pytest.mark.cluster

_AT_LEAST = 12


@pytest.fixture(scope="module")
def watched(live: LiveStack) -> Iterator[LiveStack]:
    """The committed dojo, with alerts that do not wait."""
    live.bring()
    with impatient_rules(live):
        yield live


@pytest.mark.parametrize("outage", OUTAGES, ids=lambda outage: outage.name)
def test_a_fault_makes_its_alerts_fire(watched: LiveStack, outage: Outage) -> None:
    missing = set(outage.alerts)

    def all_fired() -> bool:
        missing.difference_update(firing())
        return not missing

    with outage.block(watched):
        eventually(all_fired, f"{', '.join(sorted(outage.alerts))} have fired", outage.seconds)


def test_at_least_twelve_alerts_are_tried_so() -> None:
    assert len({alert for outage in OUTAGES for alert in outage.alerts}) >= _AT_LEAST
