"""A load that falls or rises: no `up` disputes or resets the number of replicas that an autoscaler has set.

The autoscalers' controller is the real one, and without metrics, so it only enforces minimum and maximum. What it
would add under load, `_scaled_by_its_autoscaler` writes in its name.
"""

from typing import Any

import pytest

from plan.plan import make_plan
from plan.tempo.workloads import TempoWorkload
from tests.support.live import LiveStack, section
from tests.support.waiting import eventually

# On one stack only: it takes minutes, and nothing here depends on the stack.
pytestmark = [
    pytest.mark.simulated,
    pytest.mark.parametrize("deployed", ["prod"], indirect=True, scope="session"),
]

_QUERIER = "tempo-querier"
_CONTROLLER = "kube-controller-manager"
# With an average that equals the peak an autoscaler has nothing to decide: its minimum is its maximum.
_QUIET = section("load", average_spans_per_second=100, peak_spans_per_second=100)
# The controller looks every 15 seconds.
_SCALED_SECONDS = 60.0


def test_a_lower_load_takes_back_what_the_autoscaler_has_added(stack: LiveStack) -> None:
    """The number of replicas is the autoscaler's field: setting it would be a conflict that stops the `up`."""
    _scaled_by_its_autoscaler(stack, _querier(stack).max_replicas)
    stack.engine().preview("--expect-no-changes")
    stack.forget()
    stack.bring(_QUIET)
    least = _querier(stack).max_replicas
    eventually(lambda: _replicas(stack) == least, f"{least} queriers are left", _SCALED_SECONDS)
    stack.engine(_QUIET).preview("--expect-no-changes")


# Several `up` in a row: 150 to 204 s on two cores, and several times that on a busy machine.
@pytest.mark.timeout(1200)
def test_a_load_that_may_vary_again_keeps_the_replicas_that_run(stack: LiveStack) -> None:
    """Queriers that fall to one while the rest is awaited answer nobody under the load of many."""
    # As much as the committed volumes of the generators hold with fewer of them.
    busy = stack.settings.load.peak_spans_per_second * 7 // 10
    stack.bring(section("load", average_spans_per_second=busy, peak_spans_per_second=busy, headroom=1))
    running = _replicas(stack)
    assert running == _querier(stack).replicas == _querier(stack).max_replicas
    stack.bring()
    assert _querier(stack).replicas < running < _querier(stack).max_replicas
    assert _replicas(stack) == running
    stack.engine().preview("--expect-no-changes")


def _querier(stack: LiveStack) -> TempoWorkload:
    """Return what is planned for the settings that were deployed last."""
    (found,) = [one for one in make_plan(stack.settings).tempo if one.target == "querier"]
    return found


def _replicas(stack: LiveStack) -> int:
    found: Any = stack.apps.read_namespaced_deployment(_QUERIER, stack.namespace)
    return int(found.spec.replicas)


def _scaled_by_its_autoscaler(stack: LiveStack, replicas: int) -> None:
    """Write the number as the controller does, and wait for the Pods."""
    stack.apps.patch_namespaced_deployment_scale(
        _QUERIER, stack.namespace, {"spec": {"replicas": replicas}}, field_manager=_CONTROLLER
    )
    found: Any = stack.apps.read_namespaced_deployment(_QUERIER, stack.namespace)
    owners = {entry.manager for entry in found.metadata.managed_fields if entry.subresource == "scale"}
    assert owners == {_CONTROLLER}
    stack.settle()
