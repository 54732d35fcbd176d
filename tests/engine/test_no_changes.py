"""A stack that is up must stay as it is until its settings change."""

import pytest

from tests.live import LiveStack

pytestmark = pytest.mark.engine


def test_a_second_up_changes_nothing(dojo: LiveStack) -> None:
    """A resource that differs each time restarts Pods each time, and drowns the change that matters."""
    engine = dojo.engine()
    engine.preview(expect_no_changes=True)
    pods = dojo.pod_ids()
    assert set(engine.up().changes) == {"same"}
    assert dojo.pod_ids() == pods


def test_a_refresh_finds_what_the_state_says(dojo: LiveStack) -> None:
    """Else everything that others watch in a preview after a refresh would be noise."""
    engine = dojo.engine()
    assert engine.refresh().changed == 0
    engine.preview(expect_no_changes=True)
