"""Each check of the cluster, with facts that meet it and facts that do not."""

import dataclasses
from decimal import Decimal
from typing import Any

import pytest

from ready.app import judged
from ready.checks import (
    CHECKS,
    addresses,
    connection,
    grafana,
    issuer,
    metrics_server,
    namespace,
    nodes,
    permissions,
    priority_class,
    prometheus,
    pull_secrets,
    room,
    rules,
    service_monitors,
    storage_class,
)
from ready.facts import NoCredentials, Prometheus, Sidecar, StorageClass, Unknown
from ready.finding import State
from tests.unit.ready.good import CLUSTER, Run, facts, needs, node, states, unmet

# What nobody can see from outside the cluster's network.
_NEVER_SEEN = {"images", "sender's address"}
_RULES = frozenset({"prometheusrules.monitoring.coreos.com"})
_SIDECAR = Sidecar(label="grafana_datasource", value="1", namespaces=frozenset({"ALL"}), kinds="both")
_FLAGS: dict[str, str] = {"web.enable-remote-write-receiver": "true", "enable-feature": "a,exemplar-storage"}
_SECRET = {"images.pull_secrets": ["registry"]}
_OURS = {"app.kubernetes.io/part-of": "fawkes-tracing", "pod-security.kubernetes.io/enforce": "restricted"}
_SMALL = {"cpu": Decimal(1), "memory": Decimal(2**30), "ephemeral-storage": Decimal(0), "pods": Decimal(9)}
_FEW_PODS = {"cpu": Decimal(16), "memory": Decimal(2**36), "ephemeral-storage": Decimal(2**36), "pods": Decimal(4)}


def test_on_a_good_cluster_every_requirement_is_met() -> None:
    """The facts of the other tests differ from these in one point each."""
    found = judged(needs(), facts())
    assert {one.requirement: one.sentence for one in found if one.state is State.NOT_MET} == {}
    assert {one.requirement for one in found if one.state is State.NOT_SEEN} == _NEVER_SEEN


def test_a_good_cluster_has_a_sentence_of_nearly_every_check() -> None:
    """A check that says nothing would pass every test of its refusals."""
    # Prod has no pull secrets and, with Tempo 2, no Kafka.
    silent = {one.requirement for one in CHECKS if not [*one.run(needs(), facts())]}
    assert silent == {"pull secrets", "Kafka"}


@pytest.mark.parametrize(
    ("check", "requirement", "cluster", "settings", "said"),
    [
        (connection.check, "kubeconfig", {"connection": Unknown("no context x")}, {}, "no context x"),
        (connection.check, "Kubernetes version", {"version": (1, 26)}, {}, "1.26, older than 1.27"),
        (connection.check, "kubeconfig", {"connection": NoCredentials("no such program")}, {}, "aws sso login"),
        (connection.check, "Kubernetes version", {"version": Unknown("refused")}, {}, "does not tell"),
        (
            connection.check,
            "Kubernetes version",
            {"version": Unknown("401 Unauthorized", 401)},
            {},
            "refuses these credentials",
        ),
        (namespace.check, "namespace", {"namespace": {}}, {}, "not this program's"),
        (
            namespace.check,
            "namespace",
            {"namespace": _OURS | {"pod-security.kubernetes.io/enforce": "baseline"}},
            {},
            "kubectl label --overwrite",
        ),
        (permissions.check, "Kubernetes permissions", {"refused": ("create secrets",)}, {}, "create secrets"),
        (permissions.check, "Kubernetes permissions", {"refused": Unknown("403 no", 403)}, {}, "Log in"),
        (nodes.check, "nodes", {"nodes": ()}, {}, "that take Pods: 0"),
        (nodes.check, "nodes", {"nodes": (node("node-a"), node("node-b"))}, {}, "Needed: 3"),
        (nodes.check, "nodes", {"nodes": (node("fargate-a", fargate=True),)}, {}, "fargate-a (Fargate)"),
        (nodes.check, "nodes", {"nodes": (node("node-a", unusable="cordoned"),)}, {}, "node-a (cordoned)"),
        (
            nodes.check,
            "zones",
            {"nodes": tuple(node(f"node{number}-a") for number in range(3))},
            {"tempo.require_zones": True},
            "needs 3 zones",
        ),
        (room.check, "room", {"nodes": ()}, {}, "no node"),
        (room.check, "largest Pod", {"nodes": (node("node-a", room=_SMALL),)}, {}, "No node has room for"),
        (room.check, "room", {"nodes": (node("node-a", room=_SMALL),)}, {}, "the nodes have 1 cores"),
        (room.check, "room", {"nodes": (node("node-a", room=_FEW_PODS),)}, {}, "4 Pods"),
        (storage_class.check, "StorageClass", {"storage_classes": ()}, {}, "stay Pending"),
        (storage_class.check, "StorageClass", {}, {"cluster.storage_class": "fast"}, "fast does not exist"),
        (priority_class.check, "PriorityClass", {}, {"collectors.agent.priority_class": "high"}, "high does not"),
        (metrics_server.check, "metrics-server", {"metrics_api": None}, {}, "--cluster-name fawkes-prod"),
        (metrics_server.check, "metrics-server", {"metrics_api": "no endpoints"}, {}, "no endpoints"),
        (
            prometheus.check,
            "Prometheus",
            {"prometheus": Prometheus(flags={}, retention="", silent="503 down")},
            {},
            "503 down",
        ),
        (service_monitors.check, "ServiceMonitors", {"kinds": _RULES}, {}, "Prometheus operator"),
        (rules.check, "PrometheusRules", {"kinds": frozenset()}, {}, "Prometheus operator"),
        (
            grafana.check,
            "Grafana operator",
            {"kinds": frozenset({"grafanadashboards.grafana.integreatly.org"})},
            {"grafana.provisioning": "operator"},
            "no definition of grafanadatasources, grafanafolders (grafana.integreatly.org)",
        ),
        (
            grafana.check,
            "Grafana's dashboards",
            {"sidecars": (dataclasses.replace(_SIDECAR, label="dashboards"),)},
            {},
            "sidecar.dashboards.enabled, .label grafana_dashboard",
        ),
        (
            grafana.check,
            "Grafana's datasources",
            {"sidecars": (dataclasses.replace(_SIDECAR, namespaces=frozenset({"monitoring"})),)},
            {},
            "No sidecar in monitoring collects every secret of the namespace fawkes-observability",
        ),
        (
            grafana.check,
            "Grafana's datasources",
            {"sidecars": (dataclasses.replace(_SIDECAR, kinds="configmap"),)},
            {},
            "No sidecar in monitoring collects every secret",
        ),
        (issuer.check, "issuer of certificates", {"certificate_issuer": None}, {}, "does not exist"),
        (
            issuer.check,
            "issuer of certificates",
            {"certificate_issuer": "the Secret is missing"},
            {},
            "is not ready: the Secret is missing. Look at it: kubectl describe clusterissuer fawkes-tracing",
        ),
    ],
)
def test_a_requirement_that_is_not_met_is_said_with_what_to_do(
    check: Run, requirement: str, cluster: dict[str, Any], settings: dict[str, Any], said: str
) -> None:
    assert said in unmet(check(needs(_sections(settings)), facts(cluster)))[requirement]


def _sections(changes: dict[str, Any]) -> dict[str, Any]:
    """Return changes with those of a section that prod does not have as a whole section."""
    own = {path: value for path, value in changes.items() if not path.startswith("cluster.")}
    section = {path.partition(".")[2]: value for path, value in changes.items() if path.startswith("cluster.")}
    return own | ({"cluster": section} if section else {})


def test_fewer_ingesters_are_advised_only_where_they_are_allowed() -> None:
    """There are at least as many as copies of each trace."""
    few = facts({"nodes": (node("node-a"),)})
    assert "tempo.ingesters" not in unmet(nodes.check(needs(), few))["nodes"]
    assert "reduce tempo.ingesters" in unmet(nodes.check(needs({"tempo.ingesters": 4}), few))["nodes"]


def test_the_namespace_of_an_earlier_deployment_is_recognized() -> None:
    assert states(namespace.check(needs(), facts({"namespace": _OURS}))) == {"namespace": State.MET}


@pytest.mark.parametrize(
    ("changes", "requirement", "said"),
    [
        ({"expands": False}, "larger volumes", "allowVolumeExpansion"),
        ({"waits": False}, "volumes' zones", "WaitForFirstConsumer"),
        ({"provisioner": "efs.csi.aws.com"}, "CSI driver", "efs.csi.aws.com"),
        ({"provisioner": "ebs.csi.eks.amazonaws.com"}, "CSI driver", "turn that on"),
    ],
)
def test_a_class_that_lacks_an_ability_is_said(changes: dict[str, Any], requirement: str, said: str) -> None:
    good = StorageClass(name="gp3", provisioner="ebs.csi.aws.com", default=True)
    chosen = dataclasses.replace(good, **changes)
    found = unmet(storage_class.check(needs(), facts({"storage_classes": (chosen,)})))
    assert [*found] == [requirement]
    assert said in found[requirement]


def test_the_ebs_driver_is_installed_with_its_role_on_the_stacks_cluster() -> None:
    """Without a role the driver runs and creates no volume."""
    said = unmet(storage_class.check(needs(), facts({"csi_drivers": frozenset()})))["CSI driver"]
    assert "create-addon --cluster-name fawkes-prod --region eu-west-1 --addon-name aws-ebs-csi-driver" in said
    assert "roleArn=" in said


def test_two_default_classes_are_one_too_many() -> None:
    """Kubernetes takes the newer one, whichever that is."""
    two = tuple(StorageClass(name=name, provisioner="ebs.csi.aws.com", default=True) for name in ("gp2", "gp3"))
    assert "gp2, gp3" in unmet(storage_class.check(needs(), facts({"storage_classes": two})))["StorageClass"]


def test_the_provisioner_inside_kubernetes_is_the_csi_driver_by_now() -> None:
    chosen = StorageClass(name="gp2", provisioner="kubernetes.io/aws-ebs", default=True)
    found = states(storage_class.check(needs(), facts({"storage_classes": (chosen,)})))
    assert found["CSI driver"] is State.MET


@pytest.mark.parametrize(
    ("provisioner", "said"),
    [
        ("kubernetes.io/aws-ebs", "gp2 leaves it to the account's default"),
        ("ebs.csi.aws.com", "gp2 leaves it to the account's default"),
        ("rancher.io/local-path", "rancher.io/local-path decides it"),
    ],
)
def test_a_class_that_does_not_say_that_it_encrypts_is_not_taken_to(provisioner: str, said: str) -> None:
    """EBS encrypts a volume without the parameter only where the account does so by default."""
    chosen = StorageClass(name="gp2", provisioner=provisioner, default=True, encrypts=False)
    found = {one.requirement: one for one in storage_class.check(needs(), facts({"storage_classes": (chosen,)}))}
    assert found["encrypted volumes"].state is State.NOT_SEEN
    assert said in found["encrypted volumes"].sentence


def test_an_issuer_of_another_group_is_not_looked_at() -> None:
    """Its group need not have cert-manager's versions, so a search by them would call it missing."""
    other = needs({"tls.issuer": {"name": "private-ca", "group": "issuers.example.org"}})
    found = states(issuer.check(other, facts({"certificate_issuer": None})))
    assert found == {"issuer of certificates": State.NOT_SEEN}


def test_a_class_that_encrypts_is_said() -> None:
    assert states(storage_class.check(needs(), facts({})))["encrypted volumes"] is State.MET


def test_a_class_that_binds_at_once_is_safe_in_one_zone() -> None:
    chosen = StorageClass(name="local", provisioner="ebs.csi.aws.com", default=True, waits=False)
    one_zone = {"storage_classes": (chosen,), "nodes": (node("node1-a"), node("node2-a"))}
    assert states(storage_class.check(needs(), facts(one_zone)))["volumes' zones"] is State.MET


def test_nodes_without_an_agent_are_named_with_their_reason() -> None:
    there = (node("linux-a"), node("win-a", system="windows"), node("fargate-a", fargate=True))
    (said,) = [
        one.sentence for one in nodes.check(needs(), facts({"nodes": there})) if one.requirement == "agents"
    ]
    assert "win-a (Windows), fargate-a (Fargate)" in said


def test_pull_secrets_are_met_missing_or_of_a_wrong_type() -> None:
    def found(kind: str | None) -> dict[str, State]:
        there = facts({"namespace": _OURS, "pull_secrets": {"registry": kind}})
        return states(pull_secrets.check(needs(_SECRET), there))

    assert found("kubernetes.io/dockerconfigjson") == {"pull secrets": State.MET}
    assert found(None) == {"pull secrets": State.NOT_MET}
    assert found("Opaque") == {"pull secrets": State.NOT_MET}
    assert states(pull_secrets.check(needs(_SECRET), facts())) == {"pull secrets": State.NOT_SEEN}


@pytest.mark.parametrize(
    ("flags", "retention", "requirement"),
    [
        (_FLAGS | {"web.enable-remote-write-receiver": "false"}, "90d", "remote write"),
        (_FLAGS | {"enable-feature": "exemplar-storage-x"}, "90d", "exemplars"),
        (_FLAGS, "15d", "metrics' retention"),
    ],
)
def test_each_lack_of_prometheus_is_said(flags: dict[str, str], retention: str, requirement: str) -> None:
    there = facts({"prometheus": Prometheus(flags=flags, retention=retention)})
    assert [*unmet(prometheus.check(needs(), there))] == [requirement]


@pytest.mark.parametrize(
    ("retention", "days"),
    [("15d", 15), ("2w1d", 15), ("1y", 365), ("15d or 10GiB", 15), ("12h", 0.5), ("10GiB", None), ("", None)],
)
def test_a_retention_in_prometheus_words_is_days(retention: str, days: float | None) -> None:
    assert prometheus.days_of(retention) == days


@pytest.mark.parametrize(
    ("ranges", "pods", "said"),
    [
        (("10.244.0.0/24",), (), "IPv4 (10.244.0.0/24), private"),
        (("10.244.0.0/24", "fd00::/64"), (), "IPv4 and IPv6"),
        ((), ("2a05:d018::1",), "IPv6 (seen at Pods that run), public, which is fine"),
        (("8.8.0.0/24",), (), "public, which is fine"),
    ],
)
def test_the_family_of_addresses_is_told(ranges: tuple[str, ...], pods: tuple[str, ...], said: str) -> None:
    there = {"nodes": (node("node-a", pod_ranges=ranges),), "pod_addresses": pods}
    (found,) = addresses.check(needs(), facts(there))
    assert said in found.sentence
    assert found.state is State.MET


def test_without_pods_and_ranges_the_family_is_unknown() -> None:
    assert states(addresses.check(needs(), facts({"pod_addresses": ()}))) == {"Pods' addresses": State.NOT_SEEN}


def test_kafka_is_said_not_to_be_looked_at() -> None:
    """Tempo 3 as microservices needs it, and it may answer in the cluster's network only."""
    with_kafka = {
        "tempo.version": "3.0.3",
        "images.tempo.tag": "3.0.3",
        "tempo.kafka": {"address": "kafka:9092"},
    }
    (found,) = [one for one in judged(needs(with_kafka), facts()) if one.requirement == "Kafka"]
    assert found.state is State.NOT_SEEN
    assert "3 partitions" in found.to_do


def test_facts_that_are_missing_are_neither_met_nor_unmet() -> None:
    """A user may lack the permission to read any of them."""
    names = CLUSTER.__dataclass_fields__.keys() - {"connection", "version"}
    found = judged(needs(), facts({name: Unknown("403 Forbidden") for name in names}))
    unseen = {one.requirement for one in found if "403 Forbidden" in one.sentence}
    assert all(one.state is State.NOT_SEEN for one in found if one.requirement in unseen)
    assert unseen == {
        "namespace",
        "Kubernetes permissions",
        "nodes",
        "room",
        "StorageClass",
        "Pods' addresses",
        "metrics-server",
        "ServiceMonitors",
        "PrometheusRules",
        "Grafana",
        "issuer of certificates",
        "Prometheus",
        "Tempo's credentials",
    }
