"""A stack whose collectors have too little CPU for its load is refused, with the minimum that is enough."""

import pytest

from plan.limits import checked_plan
from plan.plan import make_plan
from settings.problems import SettingsError
from tests.support.stacks import STACKS, settings_of

GATEWAY, AGENT = "collectors.gateway", "collectors.agent.resources"
SENTENCES = {
    f"{GATEWAY}.cpu_request_millicores": "is below what each gateway takes at load.peak_spans_per_second × "
    "load.headroom (got {}; allowed at least {}). Raise it, add gateways, or lower sampling.baseline_percentage.",
    f"{GATEWAY}.cpu_limit_millicores": "is below what each gateway takes at the peak of an incident, in which ten "
    "times as many traces fail (got {}; allowed at least {}). Raise it, or add gateways.",
    f"{AGENT}.cpu_request_millicores": "is below what the agent of an average node takes at "
    "load.peak_spans_per_second (got {}; allowed at least {}). Raise it, or correct load.nodes.",
    f"{AGENT}.cpu_limit_millicores": "is below what the agent of the busiest node takes at "
    "load.peak_spans_per_second × load.headroom (got {}; allowed at least {}). Raise it, or correct load.nodes.",
}


@pytest.mark.parametrize("path", SENTENCES)
def test_too_little_cpu_is_refused_and_the_named_least_is_enough(path: str) -> None:
    cpu = make_plan(settings_of("prod")).cpu
    least = {
        f"{GATEWAY}.cpu_request_millicores": cpu.gateway_at_peak,
        f"{GATEWAY}.cpu_limit_millicores": cpu.gateway_in_incident,
        f"{AGENT}.cpu_request_millicores": cpu.agent_at_peak,
        f"{AGENT}.cpu_limit_millicores": cpu.busiest_agent,
    }[path]
    # A limit must not be below its request, which is another rule's.
    lower = {path.replace("limit", "request"): 10} if "limit" in path else {}
    with pytest.raises(SettingsError) as refusal:
        checked_plan(settings_of("prod", lower | {path: least - 1}))
    expected = f"{path}: {SENTENCES[path].format(least - 1, least)}"
    assert expected in str(refusal.value).splitlines()
    checked_plan(settings_of("prod", {path: least}))


def test_a_stack_of_slower_cores_is_refused_until_it_has_more() -> None:
    with pytest.raises(SettingsError, match=r"collectors\.gateway\.cpu_request_millicores: is below"):
        checked_plan(settings_of("prod", {"load.cpu_factor": 3.0}))


@pytest.mark.parametrize("stack", STACKS)
def test_a_committed_stack_bears_its_load(stack: str) -> None:
    checked_plan(settings_of(stack))
