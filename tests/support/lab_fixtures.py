"""One lab for a whole test run, found where `FAWKES_STATE_DIR` says and left with the committed dojo on it.

No test relies on another having run: each asks for the stack in the shape that it needs, and gets it by an
`up` only when it has another shape.
"""

import os
from collections.abc import Iterator
from typing import NoReturn

import pytest

from lab.errors import LabError
from lab.target.target import Target, current
from tests.support.live import LiveStack


@pytest.fixture(scope="session")
def lab() -> Target:
    """The running lab."""
    try:
        return current()
    except LabError as error:
        absent(str(error))


@pytest.fixture(scope="session")
def live(lab: Target) -> Iterator[LiveStack]:
    """The stack in whatever shape it is; at the end of the run it is as committed."""
    stack = LiveStack.on(lab)
    yield stack
    stack.bring()


@pytest.fixture
def dojo(live: LiveStack) -> LiveStack:
    """The stack as committed."""
    live.bring()
    return live


def absent(why: str) -> NoReturn:
    """Skip what cannot run here, loudly, or fail where it must run."""
    if os.environ.get("CI") == "true" or os.environ.get("FAWKES_REQUIRE_TOOLS"):
        pytest.fail(why)
    pytest.skip(why)
