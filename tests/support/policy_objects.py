"""Kubernetes objects that meet every rule, for cases that change one thing."""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from tests.seeds.seed import Edit
from tests.support.policy_engine import Given

NAMESPACE = "tracing"
LABELS = {"app": "tempo"}
# The path of the container in a Deployment.
CONTAINER = "spec.template.spec.containers.0"
POD = "spec.template.spec"

_CONTAINER: Mapping[str, Any] = {
    "name": "tempo",
    "image": f"docker.io/grafana/tempo:2.10.8@sha256:{0:064}",
    "ports": [{"name": "http", "containerPort": 3200}],
    "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 2},
    "livenessProbe": {"httpGet": {"path": "/status/version", "port": "http"}, "periodSeconds": 20},
    "resources": {
        "requests": {"cpu": "100m", "memory": "1Gi", "ephemeral-storage": "50Mi"},
        "limits": {"cpu": "1", "memory": "1Gi", "ephemeral-storage": "1Gi"},
    },
    "securityContext": {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    },
}
_POD: Mapping[str, Any] = {
    "serviceAccountName": "tempo",
    "automountServiceAccountToken": False,
    "terminationGracePeriodSeconds": 60,
    "securityContext": {
        "runAsNonRoot": True,
        "runAsUser": 10001,
        "runAsGroup": 10001,
        "seccompProfile": {"type": "RuntimeDefault"},
    },
    "volumes": [{"name": "data", "emptyDir": {"sizeLimit": "512Mi"}}],
    "topologySpreadConstraints": [
        {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": LABELS}, "maxSkew": 1}
    ],
    "containers": [_CONTAINER],
}


def object_(type_: str, name: str, spec: Mapping[str, Any], **others: Any) -> Given:
    """Return an object of the namespace."""
    metadata = {"name": name, "namespace": NAMESPACE, "labels": LABELS}
    return Given(f"kubernetes:{type_}", name, {"metadata": metadata, "spec": spec}, **others)


def changed(given: Given, *edits: Edit, **others: Any) -> Given:
    """Return a copy with its inputs edited, and other fields replaced."""
    # Unlike copy.deepcopy, JSON also separates labels that several places share.
    inputs: dict[str, Any] = json.loads(json.dumps(given.inputs))
    for edit in edits:
        edit(inputs)
    return dataclasses.replace(given, inputs=inputs, **others)


DEPLOYMENT = object_(
    "apps/v1:Deployment",
    "tempo",
    {
        "replicas": 2,
        "selector": {"matchLabels": LABELS},
        "template": {"metadata": {"labels": LABELS}, "spec": _POD},
    },
)
STATEFUL_SET = dataclasses.replace(
    DEPLOYMENT,
    type="kubernetes:apps/v1:StatefulSet",
    inputs={
        **DEPLOYMENT.inputs,
        "spec": {**DEPLOYMENT.inputs["spec"], "serviceName": "tempo", "volumeClaimTemplates": [{"metadata": {}}]},
    },
)
JOB = object_("batch/v1:Job", "setup", {"backoffLimit": 2, "template": {"spec": _POD}})
SERVICE = object_(
    "core/v1:Service",
    "tempo",
    {"selector": LABELS, "ports": [{"name": "http", "port": 3200, "targetPort": "http"}]},
)
BUDGET = object_(
    "policy/v1:PodDisruptionBudget",
    "budget",
    {"selector": {"matchLabels": LABELS}, "maxUnavailable": 1, "unhealthyPodEvictionPolicy": "AlwaysAllow"},
)
AUTOSCALER = object_(
    "autoscaling/v2:HorizontalPodAutoscaler",
    "autoscaler",
    {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "tempo"},
        "minReplicas": 2,
        "maxReplicas": 4,
    },
)
ACCOUNT = object_("core/v1:ServiceAccount", "tempo", {})
TRACING_NAMESPACE = Given(
    "kubernetes:core/v1:Namespace",
    "namespace",
    {"metadata": {"name": NAMESPACE, "labels": {"pod-security.kubernetes.io/enforce": "restricted"}}},
)
