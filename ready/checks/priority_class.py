"""The PriorityClass that the settings name exists."""

from collections.abc import Iterator

from ready.facts import Facts, known
from ready.finding import Finding, listed, met, not_met
from ready.needs import Needs


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield whether the agents' class exists; without a name the program creates one."""
    name = needs.settings.collectors.agent.priority_class
    if name is None:
        yield met("PriorityClass", "collectors.agent.priority_class is not set, so none has to exist.")
        return
    there = known(facts.cluster.priority_classes)
    if name in there:
        yield met("PriorityClass", f"{name} exists.")
    else:
        fix = "Create it, correct collectors.agent.priority_class, or leave that out."
        yield not_met("PriorityClass", f"{name} does not exist; there are: {listed(sorted(there))}.", fix)
