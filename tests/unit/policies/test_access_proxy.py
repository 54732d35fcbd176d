"""A stack with the access proxy meets every rule, once Caddy's capability is allowed."""

import functools

import pytest

from policies.catalogue import all_rules
from policies.configuration import configured, read_configuration
from policies.resources import Stack
from policies.rule import Rule
from review.recorded import recorded_stack
from snapshot.program import record_program
from tests.support.access import IMAGES, proxied
from tests.support.seeded import violations
from tests.support.stacks import as_config, sections

CAPABILITIES = "pods-drop-all-capabilities"
# As in docs/access.md.
ALLOWED = {"allowed": ["NET_BIND_SERVICE"]}


@functools.cache
def proxied_stack() -> Stack:
    """Return prod behind the proxy, with images that are pinned."""
    images = {name: image | {"digest": f"sha256:{1:064}"} for name, image in IMAGES.items()}
    config = as_config(sections("prod", proxied() | images))
    return recorded_stack(record_program(config, "prod"), config)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_a_stack_with_the_proxy_meets_every_rule(rule: Rule) -> None:
    setting = configured(rule, read_configuration("prod"))
    bounds = {**setting.bounds, **(ALLOWED if rule.name == CAPABILITIES else {})}
    found = [] if setting.level == "disabled" else violations(rule, proxied_stack(), bounds)
    assert [(one.resource and one.resource.name, one.sentence) for one in found] == []


def test_caddys_capability_has_to_be_allowed() -> None:
    (rule,) = [one for one in all_rules() if one.name == CAPABILITIES]
    (found,) = violations(rule, proxied_stack(), {})
    assert "caddy adds the capabilities NET_BIND_SERVICE" in found.sentence
