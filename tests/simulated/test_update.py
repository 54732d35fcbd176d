"""A changed setting, applied for real, changes what its preview promised."""

import pytest

from tests.support.live import LiveStack, section

pytestmark = pytest.mark.simulated


# What each stack's preview promises is asked in test_changes.py; one of them shows that it can be done.
@pytest.mark.parametrize("deployed", ["staging"], indirect=True, scope="session")
def test_a_changed_retention_is_applied(stack: LiveStack) -> None:
    """A preview alone does not show that the change can be applied."""
    longer = section("retention", detailed_hours=240)
    outcome = stack.bring(longer)
    assert outcome
    # The tenants' limits, and the boards of costs and of Tempo and the rules of the store, whose limits follow.
    assert outcome.changes["update"] == 4
    assert "block_retention: 240h" in stack.rendered_config("tempo")
    stack.engine(longer).preview("--expect-no-changes")
