"""Faults under steady traffic lose nothing but what docs/loss.md names: the quick ones of `make faults`."""

import pytest
from rich.console import Console

from lab.progress import Step
from tests.faults.every import FAULTS
from tests.faults.fault import Fault
from tests.faults.report import show
from tests.faults.run import inject
from tests.faults.verdict import problems
from tests.support.live import LiveStack

pytestmark = pytest.mark.cluster

_QUICK = [fault for fault in FAULTS if fault.quick]


@pytest.mark.parametrize("fault", _QUICK, ids=lambda fault: fault.name)
def test_every_trace_ends_as_it_must(dojo: LiveStack, fault: Fault) -> None:
    outcome = inject(dojo, fault, Step(fault.name), alerts=False)
    show([outcome], Console())
    assert [*problems(outcome)] == []
