"""Every test has its own event loop and repeatable random data; the summary names the tiers that did not run."""

import asyncio
from collections.abc import Iterator

import hypothesis
import pytest

from tests.support.tiers import tier_lines, tiers_of
from tests.support.validated import validated_line

# The lab that the engine and cluster tiers share.
pytest_plugins = ("tests.support.lab_fixtures",)
# Derandomized: a red build can be repeated, and a change fails only for what it touched. No deadline for single
# examples: machines are shared. Fewer examples than hypothesis' 100, because each is a whole stack; the test of
# 1 000 stack files sets its own number.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=30)
hypothesis.settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def _own_event_loop() -> Iterator[None]:
    """Give each test a loop that no other test has used: pulumi's SDK leaves work behind on it."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Write a test's tier into its reports, which is all that reaches the end of a run."""
    item.user_properties.extend(tiers_of(item))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly which tiers did not run, and why: green must not be taken for more than it is."""
    if line := validated_line(terminalreporter.stats):
        terminalreporter.write_line(line)
    for line in tier_lines(terminalreporter.stats):
        terminalreporter.write_line(line, yellow=True, bold=True)
