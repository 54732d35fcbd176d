"""Tempo's rings: every member is known by its Pod's address, and members that lost each other meet again."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given

from plan.plan import make_plan
from render.files import render
from render.tempo.config import tempo_config
from render.tempo.overrides import tenant_overrides
from render.text import to_yaml
from settings.stack import StackSettings
from tests.support.stacks import settings_of
from tests.support.strategies import valid_settings
from tests.support.tempo_configs import config_of, of_3, seconds

ADDRESS = "${POD_IP}"
# What Tempo inserts into its files before it reads them.
VARIABLES = re.compile(r"\$\{(POD_IP|TEMPO_KMS_KEY_ID|TEMPO_STREAM_OVER_HTTP:-false)\}")

every_version = pytest.mark.parametrize(
    ("stack", "changes"),
    [("prod", {}), ("prod", of_3()), ("dojo", {}), ("dojo", of_3(kafka=False))],
    ids=["2.x", "3.x", "2.x alone", "3.x alone"],
)


def rings(section: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Yield the path of each ring, the ring, and the section that holds it."""
    for key, value in section.items():
        if isinstance(value, dict):
            if "kvstore" in value:
                yield ".".join((*path, key)), value, section
            yield from rings(value, (*path, key))


@every_version
def test_every_member_of_a_ring_is_known_by_its_pods_address(stack: str, changes: dict[str, Any]) -> None:
    """Otherwise Tempo does not start in a Pod without a private IPv4 address."""
    found = {
        path: ring.get("instance_addr") or holder.get("address")
        for path, ring, holder in rings(config_of(stack, changes))
    }
    # Partitions are no processes and have no address.
    without = {"live_store.partition_ring"} & set(found)
    assert "distributor.ring" in found
    assert found == dict.fromkeys(found, ADDRESS) | dict.fromkeys(without)


@pytest.mark.parametrize("changes", [{}, of_3()], ids=["2.x", "3.x"])
def test_gossip_listens_on_the_pods_address_and_advertises_it(changes: dict[str, Any]) -> None:
    """A member advertises the first address that it listens on, unless that is `0.0.0.0`."""
    assert config_of("prod", changes)["memberlist"]["bind_addr"] == [ADDRESS]


@pytest.mark.parametrize("changes", [{}, of_3()], ids=["2.x", "3.x"])
def test_members_that_forgot_each_other_join_again(changes: dict[str, Any]) -> None:
    """Tempo's default is never. Writes must recover in two minutes, and one attempt may meet the fault's end."""
    assert 0 < seconds(config_of("prod", changes)["memberlist"]["rejoin_interval"]) <= 60


@given(settings=valid_settings())
def test_tempo_expands_nothing_but_the_variables_that_its_pods_have(settings: StackSettings) -> None:
    """Tempo expands each `${...}`, turns `$$` into `$`, and removes backslashes, in both of its files."""
    plan = make_plan(settings)
    for config in (tempo_config(settings, plan), tenant_overrides(settings, plan)):
        text = VARIABLES.sub("", to_yaml(config))
        assert not {"$", "\\"} & set(text)


def test_an_address_of_any_form_stays_text() -> None:
    """Tempo inserts the address before it reads the YAML: unquoted, a last colon would make it a key."""
    text = render_of_prod()
    for address in ("10.0.0.7", "fd00:10::7", "fd00:10::", "::1"):
        config = yaml.safe_load(text.replace(ADDRESS, address))
        assert config["memberlist"]["bind_addr"] == [address]
        assert config["ingester"]["lifecycler"]["address"] == address


def render_of_prod() -> str:
    """Return prod's rendered configuration."""
    settings = settings_of("prod")
    return render(settings, make_plan(settings)).tempo
