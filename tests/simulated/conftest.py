"""Staging, then prod, each deployed from nothing by the real engine on the simulated target, as committed."""

from collections.abc import Iterator

import pytest

from lab.target.target import Target
from tests.support.lab_fixtures import absent
from tests.support.live import LiveStack, section

# An operator removes a protected stack with two settings, an `up`, and a destroy.
_REMOVABLE = section("environment", protect_stateful=False, retain_stateful_on_delete=False)


# After pytest's own sorting by parametrized fixtures.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run first what previews a stack for the first time, before any is deployed."""
    items.sort(key=lambda item: item.get_closest_marker("first_preview") is None)


@pytest.fixture(scope="session", params=("staging", "prod"))
def deployed(request: pytest.FixtureRequest, lab: Target) -> Iterator[LiveStack]:
    """One stack in its present state, destroyed before the next one is created."""
    if not lab.simulated:
        absent("The running lab is the dojo's: `make up STACK=prod TARGET=simulated` starts the simulated one.")
    found = LiveStack.on(lab, request.param)
    yield found
    found.bring(_REMOVABLE)
    found.engine(_REMOVABLE).destroy()


@pytest.fixture
def stack(deployed: LiveStack) -> LiveStack:
    """The stack as committed."""
    deployed.bring()
    return deployed
