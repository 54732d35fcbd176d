"""The lab deploys a changed copy of the dojo, with the dojo's policies."""

from lab.target.lab_copy import for_own_node
from policies.catalogue import all_rules
from policies.configuration import configured, read_configuration
from review.recorded import recorded_stack
from snapshot.program import record_program
from tests.support.seeded import violations
from tests.support.stacks import config_of


def test_what_the_lab_changes_in_the_dojo_is_refused_by_no_rule() -> None:
    """Its images are its own builds and name no digest; `make up` would stop at its preview."""
    config = for_own_node(config_of("dojo"))
    stack = recorded_stack(record_program(config, "dojo"), config)
    content = read_configuration("dojo")
    found = [
        f"{rule.name}: {one.sentence}"
        for rule in all_rules()
        if (own := configured(rule, content)).level != "disabled"
        for one in violations(rule, stack, own.bounds)
    ]
    assert found == []
