"""What `make ready` says of the simulated cluster and cloud, and how it changes with them."""

import json
from pathlib import Path
from typing import Any

import pytest

from ready.finding import State
from tests.simulated import cloud
from tests.support.live import LiveStack, section
from tests.support.readiness import Readiness, objects
from tests.support.waiting import eventually

# On one stack only: it takes minutes, and nothing here depends on the stack.
pytestmark = [
    pytest.mark.simulated,
    pytest.mark.parametrize("deployed", ["prod"], indirect=True, scope="session"),
]

_SYSTEM = "kube-system"
_CLASS: dict[str, Any] = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "StorageClass",
    "metadata": {"name": "at-once"},
    "provisioner": "ebs.csi.aws.com",
    "volumeBindingMode": "Immediate",
    "allowVolumeExpansion": True,
}
_DRIVER: dict[str, Any] = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "CSIDriver",
    "metadata": {"name": "ebs.csi.aws.com"},
    "spec": {},
}
_PRIORITY: dict[str, Any] = {
    "apiVersion": "scheduling.k8s.io/v1",
    "kind": "PriorityClass",
    "metadata": {"name": "seeded"},
    "value": 1000,
}
# Without a Service the API server serves the group itself, and calls it available.
_METRICS: dict[str, Any] = {
    "apiVersion": "apiregistration.k8s.io/v1",
    "kind": "APIService",
    "metadata": {"name": "v1beta1.metrics.k8s.io"},
    "spec": {
        "group": "metrics.k8s.io",
        "version": "v1beta1",
        "groupPriorityMinimum": 100,
        "versionPriority": 100,
    },
}


def agent() -> dict[str, Any]:
    """Return a DaemonSet with the name of the Pod Identity Agent's."""
    name = "eks-pod-identity-agent"
    labels = {"app": name}
    pod = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "agent", "image": "example.com/a:1"}]}}
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": name, "namespace": _SYSTEM},
        "spec": {"selector": {"matchLabels": labels}, "template": pod},
    }


@pytest.fixture
def readiness(stack: LiveStack) -> Readiness:
    """The report on the stack, after it was deployed."""
    return Readiness(stack.target, stack.name)


def test_what_the_simulated_lab_lacks_is_told_and_the_rest_is_met(readiness: Readiness) -> None:
    """It has no EKS, metrics-server, agent, Prometheus or issuer."""
    found = readiness.report()
    assert {name for name, one in found.items() if one.state is State.NOT_MET} == {
        "larger volumes",
        "metrics-server",
        "Pod Identity Agent",
        "EKS cluster",
        "Prometheus",
        "issuer of certificates",
    }
    assert {
        "kubeconfig",
        "Kubernetes version",
        "namespace",
        "Kubernetes permissions",
        "nodes",
        "largest Pod",
        "room",
        "StorageClass",
        "volumes' zones",
        "ServiceMonitors",
        "AWS account",
        "AWS region",
        "bucket",
        "Tempo's credentials",
    } <= {name for name, one in found.items() if one.state is State.MET}


def test_pods_that_lack_a_token_are_named_with_the_command_that_restarts_them(readiness: Readiness) -> None:
    """The Pods carry the token of the committed identity, and none for the other one."""
    provider = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"
    irsa = section("object_store", aws={"identity": "irsa", "oidc_provider_arn": provider})
    said = readiness.unmet(irsa)["Tempo's credentials"]
    assert "sts.amazonaws.com" in said
    assert "rollout restart deployment/tempo-compactor deployment/tempo-querier" in said
    assert "statefulset/tempo-ingester" in said
    # It does not use the bucket.
    assert "tempo-distributor" not in said


def test_seeded_objects_turn_requirements_to_met(stack: LiveStack, readiness: Readiness) -> None:
    named = {**section("cluster", storage_class="at-once")}
    named |= {"fawkes-tracing:collectors": {"agent": {"priority_class": "seeded"}}}
    before = readiness.unmet(named)
    assert {"StorageClass", "PriorityClass", "metrics-server", "Pod Identity Agent"} <= set(before)

    with objects(stack.cluster.api, _CLASS, _DRIVER, _PRIORITY, _METRICS, agent()):
        wanted = ("StorageClass", "CSI driver", "PriorityClass", "metrics-server", "Pod Identity Agent")
        eventually(
            lambda: all(readiness.report(named)[name].state is State.MET for name in wanted),
            "what was seeded is met",
        )
        # Its volumes could be in another zone than their Pods.
        assert "WaitForFirstConsumer" in readiness.unmet(named)["volumes' zones"]


def test_a_cordoned_node_is_named(stack: LiveStack, readiness: Readiness) -> None:
    stack.core.patch_node("simulated-a", {"spec": {"unschedulable": True}})
    try:
        assert "simulated-a (cordoned)" in readiness.unmet()["nodes"]
    finally:
        stack.core.patch_node("simulated-a", {"spec": {"unschedulable": None}})


def test_a_user_without_permissions_is_told_what_is_missing(
    stack: LiveStack, readiness: Readiness, tmp_path: Path
) -> None:
    """The real authorizer decides: nothing is bound to this account."""
    account = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "nobody", "namespace": "default"},
    }
    with objects(stack.cluster.api, account):
        request: Any = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenRequest",
            "spec": {"audiences": []},
        }
        answer: Any = stack.core.create_namespaced_service_account_token("nobody", "default", request)
        settings = stack.cluster.api.configuration
        document = {
            "clusters": [
                {"name": "c", "cluster": {"server": settings.host, "certificate-authority": settings.ssl_ca_cert}}
            ],
            "users": [{"name": "u", "user": {"token": answer.status.token}}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
            "current-context": "c",
        }
        kubeconfig = tmp_path / "config"
        kubeconfig.write_text(json.dumps(document), encoding="utf-8")
        found = readiness.report(environment={"KUBECONFIG": str(kubeconfig)})
    assert "create serviceaccounts" in found["Kubernetes permissions"].sentence
    # Without the permission to list nodes nothing is claimed of them.
    assert found["nodes"].state is State.NOT_SEEN
    assert "403" in found["nodes"].sentence


def test_another_context_or_account_is_refused(readiness: Readiness) -> None:
    assert "has no context elsewhere" in readiness.unmet(section("cluster", context="elsewhere"))["kubeconfig"]
    store = section("object_store", aws={"account_id": "210987654321"})
    assert "210987654321" in readiness.unmet(store)["AWS account"]


def test_an_eks_cluster_of_that_name_that_is_another_one_is_refused(
    stack: LiveStack, readiness: Readiness
) -> None:
    """Tempo's role would trust Pods of a cluster that Tempo does not run in."""
    aws = stack.settings.object_store.aws
    assert aws
    eks = cloud.eks(stack)
    eks.create_cluster(
        name=aws.eks_cluster,
        roleArn="arn:aws:iam::123456789012:role/eks",
        resourcesVpcConfig={"subnetIds": []},
    )
    try:
        found = readiness.report()
        assert found["EKS cluster"].state is State.MET
        assert "aws eks update-kubeconfig" in found["one cluster"].to_do
    finally:
        eks.delete_cluster(name=aws.eks_cluster)


def test_pull_secrets_are_looked_for_in_the_namespace(stack: LiveStack, readiness: Readiness) -> None:
    named = section("images", pull_secrets=["registry"])
    assert "has no Secret registry" in readiness.unmet(named)["pull secrets"]
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "registry", "namespace": stack.namespace},
        "type": "kubernetes.io/dockerconfigjson",
        "stringData": {".dockerconfigjson": "{}"},
    }
    with objects(stack.cluster.api, secret):
        assert readiness.report(named)["pull secrets"].state is State.MET
