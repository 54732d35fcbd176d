from typing import Any

from tests.seeds.seed import drop
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.policy_objects import changed, object_

_POD = {"podSelector": {"matchLabels": {"app": "gateway"}}}


def _policy(**rules: Any) -> Given:
    return object_("networking.k8s.io/v1:NetworkPolicy", "policy", {"podSelector": {}, **rules})


def _to(cidr: str, **port: Any) -> Given:
    return _policy(egress=[{"to": [{"ipBlock": {"cidr": cidr}}], "ports": [port] if port else []}])


def _from(cidr: str) -> Given:
    return _policy(ingress=[{"from": [{"ipBlock": {"cidr": cidr}}], "ports": [{"port": 3200}]}])


_NARROW = _policy(ingress=[{"from": [_POD], "ports": [{"port": 4317}]}], egress=[{"to": [_POD]}])

CASES = Cases(
    passes=Case([_NARROW, _policy()]),
    fails=Case(
        [_policy(ingress=[{"from": [_POD, {"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"port": 4317}]}])],
        says=["Rule 0 of ingress is for any address on 4317; allowed so: none"],
    ),
    missing=Case(
        [changed(_NARROW, drop("spec.ingress.0.from"))], says=["Rule 0 of ingress is for any address on 4317"]
    ),
    unknown=Case([_to(UNKNOWN)], says=["ipBlock.cidr is not known"]),
    more={
        "a rule for all": Case([_policy(ingress=[{}])], says=["any address on all ports"]),
        "AWS": Case([_to("0.0.0.0/0", port=443)]),
        "any port": Case([_to("::/0")], says=["Rule 0 of egress is for any address on all ports"]),
        "any port of a protocol": Case([_to("::/0", protocol="TCP")], says=["on all ports"]),
        "half of all addresses": Case([_to("128.0.0.0/1", port=22)], says=["on 22; allowed so: 53, 443, 6443"]),
        "every Pod of a VPC": Case([_from("10.0.0.0/16")], says=["Rule 0 of ingress is for any address on 3200"]),
        "every Pod of a VPC by IPv6": Case([_from("2001:db8:0:100::/56")], says=["ingress is for any address"]),
        "a subnet": Case([_from("10.0.1.0/24"), _from("2001:db8:0:101::/64")]),
        "a network": Case([_to("10.0.0.0/8", port=22)]),
        "a range of ports": Case([_to("0.0.0.0/0", port=443, endPort=9000)], says=["on 443 to 9000"]),
        "a port by name": Case([_to("0.0.0.0/0", port="ssh")], says=["on ssh"]),
        "no network": Case([_to("everything", port=443)], says=["cidr is not a network"]),
    },
)
