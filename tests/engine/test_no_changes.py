"""A stack that is up must stay as it is until its settings change."""

import pytest

from tests.support.live import LiveStack

pytestmark = pytest.mark.engine


def test_a_second_up_and_a_refresh_change_nothing(dojo: LiveStack) -> None:
    """A resource that differs each time restarts Pods each time, and hides the change that matters."""
    engine, pods = dojo.engine(), dojo.pod_ids()
    engine.preview("--expect-no-changes")
    assert set(engine.up().changes) == {"same"}
    assert set(engine.refresh().changes) == {"same"}
    engine.preview("--expect-no-changes")
    assert dojo.pod_ids() == pods
