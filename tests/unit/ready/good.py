"""A cluster and an account on which every requirement of prod is met, and changed copies of them."""

import dataclasses
import functools
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from ready.facts import (
    AwsFacts,
    Caller,
    ClusterFacts,
    Connection,
    EksCluster,
    Facts,
    Node,
    OidcProvider,
    Pod,
    Prometheus,
    Rollout,
    Sidecar,
    StorageClass,
)
from ready.finding import Finding, State
from ready.needs import Needs, needs_from
from settings.loader import parse
from snapshot.program import record_program
from tests.support.stacks import as_config, sections

Run = Callable[[Needs, Facts], Iterator[Finding]]
ACCOUNT, BUCKET = "123456789012", "fawkes-tempo-traces-prod"
ENDPOINT, AUTHORITY = "https://0A1B.gr7.eu-west-1.eks.amazonaws.com", "-----BEGIN CERTIFICATE-----"
GIB = 2**30
_OF_GRAFANA = ("grafanadashboards", "grafanadatasources", "grafanafolders")


@functools.cache
def _needs(changes: str) -> Needs:
    changed = sections("prod", json.loads(changes))
    return needs_from(parse(changed), record_program(as_config(changed), "prod").registrations)


def needs(changes: dict[str, Any] | None = None) -> Needs:
    """Return the needs of prod and its resources, with dotted settings changed."""
    return _needs(json.dumps(changes or {}))


def node(name: str, **changes: Any) -> Node:
    """Return a large node of Linux in the zone with the same last letter as its name."""
    room = {
        "cpu": Decimal(16),
        "memory": Decimal(64 * GIB),
        "ephemeral-storage": Decimal(100 * GIB),
        "pods": Decimal(58),
    }
    return Node(**({"name": name, "zone": f"eu-west-1{name[-1]}", "room": room} | changes))


def tempo_pod(*audiences: str) -> Pod:
    """Return a Pod of an ingester with tokens for these audiences."""
    return Pod(
        name="tempo-ingester-0",
        owner="statefulset/tempo-ingester",
        service_account="tempo",
        audiences=frozenset(audiences),
    )


CLUSTER = ClusterFacts(
    connection=Connection(kubeconfig="config", context="prod", server=ENDPOINT, authority=AUTHORITY),
    version=(1, 33),
    namespace=None,
    refused=(),
    storage_classes=(StorageClass(name="gp3", provisioner="ebs.csi.aws.com", default=True),),
    csi_drivers=frozenset({"ebs.csi.aws.com"}),
    nodes=(node("node-a"), node("node-b"), node("node-c")),
    priority_classes=frozenset({"system-node-critical"}),
    pull_secrets={},
    metrics_api="",
    kinds=frozenset(
        {
            *(f"{name}.monitoring.coreos.com" for name in ("prometheusrules", "servicemonitors")),
            *(f"{name}.grafana.integreatly.org" for name in _OF_GRAFANA),
        }
    ),
    sidecars=(
        Sidecar(label="grafana_dashboard", value="1", namespaces=frozenset({"ALL"}), kinds="both"),
        Sidecar(
            label="grafana_datasource",
            value="",
            namespaces=frozenset({"monitoring", "fawkes-observability"}),
            kinds="both",
        ),
    ),
    certificate_issuer="",
    agent=Rollout(desired=3, ready=3),
    issuer="https://oidc.eks.eu-west-1.amazonaws.com/id/0A1B",
    pods=(tempo_pod("pods.eks.amazonaws.com"),),
    pod_addresses=("10.0.1.7", "10.0.2.9"),
    prometheus=Prometheus(
        flags={"web.enable-remote-write-receiver": "true", "enable-feature": "exemplar-storage"}, retention="90d"
    ),
)
EKS = EksCluster(endpoint=ENDPOINT, authority=AUTHORITY, status="ACTIVE", issuer=str(CLUSTER.issuer))
AWS = AwsFacts(
    caller=Caller(account=ACCOUNT, arn=f"arn:aws:iam::{ACCOUNT}:user/deployer"),
    region="opt-in-not-required",
    cluster=EKS,
    buckets={BUCKET: "free", f"{BUCKET}-logs": "free"},
    refused=(),
    addon="ACTIVE",
    provider=OidcProvider(
        url="oidc.eks.eu-west-1.amazonaws.com/id/0A1B", audiences=frozenset({"sts.amazonaws.com"})
    ),
    associated=True,
)


def facts(cluster: dict[str, Any] | None = None, aws: dict[str, Any] | None = None) -> Facts:
    """Return good facts with some changed."""
    return Facts(
        cluster=dataclasses.replace(CLUSTER, **(cluster or {})), aws=dataclasses.replace(AWS, **(aws or {}))
    )


def states(found: Iterator[Finding]) -> dict[str, State]:
    """Return the state of each requirement."""
    return {one.requirement: one.state for one in found}


def unmet(found: Iterator[Finding]) -> dict[str, str]:
    """Return the sentence and the advice of each requirement that is not met."""
    return {one.requirement: f"{one.sentence} {one.to_do}" for one in found if one.state is State.NOT_MET}
