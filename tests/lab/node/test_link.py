import json
from ipaddress import IPv4Network

import pytest

from lab.errors import LabError
from lab.node import link


@pytest.mark.parametrize(
    ("destination", "taken"),
    [
        ("default", None),
        ("192.168.1.0/24", None),
        ("172.30.0.4/30", None),
        ("172.16.0.0/12", "172.30.0.0/30"),
        ("172.30.0.2", "172.30.0.0/30"),
        ("10.0.0.0/8", "10.244.0.0/24"),
        ("10.96.4.0/24", "10.96.0.0/16"),
    ],
)
def test_a_route_is_in_the_way_when_it_overlaps_a_subnet_of_the_lab(destination: str, taken: str | None) -> None:
    """A wider route of a VPN hides the node as an equal one does; the default route hides nothing."""
    assert link.overlap(destination) == (IPv4Network(taken) if taken else None)


def machine(monkeypatch: pytest.MonkeyPatch, links: list[str], routes: list[tuple[str, str]]) -> None:
    """Let `ip` describe a machine with these links, and routes as (destination, link)."""

    def ip(*arguments: str) -> str:
        if "link" in arguments:
            return json.dumps([{"ifname": name} for name in links])
        return json.dumps([{"dst": to, "dev": device} for to, device in routes])

    monkeypatch.setattr(link, "run", ip)


def test_a_taken_subnet_is_named_with_the_link_that_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user must know which network to leave."""
    machine(monkeypatch, ["lo", "tun0"], [("default", "eth0"), ("10.0.0.0/8", "tun0")])
    with pytest.raises(LabError, match=r"10\.244\.0\.0/24.*10\.0\.0\.0/8 through tun0"):
        link.check_free()


def test_a_taken_link_name_is_named_with_the_command_that_frees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lab never deletes a link that it did not create."""
    machine(monkeypatch, ["lo", "fawkes0"], [])
    with pytest.raises(LabError, match="ip link delete fawkes0"):
        link.check_free()


def test_a_machine_with_other_links_and_routes_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """The counterpart of the refusals above: the links and routes of a laptop with containers."""
    machine(monkeypatch, ["lo", "eth0", "docker0"], [("default", "eth0"), ("172.17.0.0/16", "docker0")])
    link.check_free()
