"""The content of the Pods: images, mounts, environment, volumes and labels follow the settings."""

import functools
from typing import Any

import pytest

from snapshot.program import record_program
from snapshot.recorder import Recorder
from tests.support.stacks import as_config, sections

IMAGES = {
    "images.tempo": {"repository": "mirror.internal/tempo", "tag": "2.10.8"},
    "images.collector": {"repository": "mirror.internal/collector", "tag": "1", "digest": "sha256:" + "a" * 64},
    "images.object_store": {"repository": "mirror.internal/minio", "tag": "2"},
    "images.object_store_client": {"repository": "mirror.internal/mc", "tag": "3"},
}
WORKLOADS = {
    "tempo-server": "mirror.internal/tempo:2.10.8",
    "agent-daemon": f"mirror.internal/collector:1@sha256:{'a' * 64}",
    "gateway-server": f"mirror.internal/collector:1@sha256:{'a' * 64}",
    "store-minio-server": "mirror.internal/minio:2",
    "store-setup-job": "mirror.internal/mc:3",
}


@functools.cache
def dojo() -> Recorder:
    """Record the dojo with all images from a mirror."""
    return record_program(as_config(sections("dojo", IMAGES)), "dojo")


def pod(recorder: Recorder, name: str) -> dict[str, Any]:
    return dict(recorder.one(name).inputs["spec"]["template"]["spec"])


@pytest.mark.parametrize("name", WORKLOADS)
def test_every_image_is_the_one_in_the_settings(name: str) -> None:
    """A platform with a registry mirror must pull no image from elsewhere."""
    assert [container["image"] for container in pod(dojo(), name)["containers"]] == [WORKLOADS[name]]


@pytest.mark.parametrize("name", WORKLOADS)
def test_every_mount_has_its_volume(name: str) -> None:
    """Kubernetes rejects a Pod with a mount that names no volume."""
    spec = dojo().one(name).inputs["spec"]
    claims = {claim["metadata"]["name"] for claim in spec.get("volumeClaimTemplates", [])}
    volumes = {volume["name"] for volume in pod(dojo(), name).get("volumes", [])}
    (container,) = pod(dojo(), name)["containers"]
    assert {mount["name"] for mount in container["volumeMounts"]} == claims | volumes
    assert not claims & volumes


def test_a_volume_has_the_size_of_the_settings() -> None:
    changes = {
        "tempo.volume_size_gib": 11,
        "collectors.gateway.queue_volume_gib": 12,
        "object_store.minio.volume_size_gib": 53,
        "collectors.agent.queue_volume_mib": 299,
    }
    recorder = record_program(as_config(sections("dojo", changes)), "dojo")
    sizes = {}
    for found in recorder.of_type("StatefulSet"):
        (claim,) = found.inputs["spec"]["volumeClaimTemplates"]
        sizes[found.name] = claim["spec"]["resources"]["requests"]["storage"]
    assert sizes == {"tempo-server": "11Gi", "gateway-server": "12Gi", "store-minio-server": "53Gi"}
    queue = next(volume for volume in pod(recorder, "agent-daemon")["volumes"] if volume["name"] == "queue")
    assert queue["emptyDir"] == {"sizeLimit": "299Mi"}


def test_a_gateways_memory_is_the_plans_and_not_to_be_taken_away() -> None:
    """It holds undecided traces: with a request below the limit, a full node would evict it."""
    (container,) = pod(dojo(), "gateway-server")["containers"]
    assert container["resources"]["requests"]["memory"] == container["resources"]["limits"]["memory"] == "576Mi"


def test_the_agent_learns_its_node_from_the_kubelet() -> None:
    """It watches only the Pods of its own node."""
    (container,) = pod(dojo(), "agent-daemon")["containers"]
    (found,) = [variable for variable in container["env"] if variable["name"] == "K8S_NODE_NAME"]
    assert found["valueFrom"] == {"fieldRef": {"fieldPath": "spec.nodeName"}}


def test_a_read_only_root_leaves_the_setup_a_place_for_its_aliases() -> None:
    """MinIO's client stores its aliases as files."""
    (container,) = pod(dojo(), "store-setup-job")["containers"]
    mounts = [mount["mountPath"] for mount in container["volumeMounts"] if not mount.get("readOnly")]
    folder = next(variable["value"] for variable in container["env"] if variable["name"] == "MC_CONFIG_DIR")
    assert any(folder.startswith(f"{mount}/") for mount in mounts)


def test_every_object_carries_the_platforms_labels() -> None:
    for found in dojo().registrations:
        if found.type.startswith("kubernetes:"):
            labels = found.inputs["metadata"]["labels"]
            assert labels.items() >= {
                ("app.kubernetes.io/part-of", "fawkes-tracing"),
                ("environment", "dojo"),
                ("team", "platform"),
                ("component", "tracing"),
            }
