"""Tempo's Pods in microservices mode: permissions, configuration, volumes, probes and shutdown."""

from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components.storage.access import StoreAccess
from snapshot.recorder import Recorder
from tests.support.tempo_workloads import (
    FILES,
    ROLE,
    TEMPO_2,
    container,
    pod,
    recorded,
    spec,
    tempo_2,
    tempo_3,
    variables,
)

ADDRESS = {"POD_IP": {"fieldPath": "status.podIP"}}


def test_only_what_asks_the_store_has_the_identity_that_may() -> None:
    """A process that never uses the bucket must not be able to read it."""
    accounts = {name: pod(tempo_2(), name)["serviceAccountName"] for name in [one.name for one in TEMPO_2]}
    assert accounts == {
        "distributor": "tempo-compute",
        "ingester": "tempo",
        "querier": "tempo",
        "query-frontend": "tempo",
        "compactor": "tempo",
        "metrics-generator": "tempo-compute",
    }
    assert pod(tempo_2(), "memcached")["serviceAccountName"] == "tempo-compute"
    annotations = {
        one.inputs["metadata"]["name"]: one.inputs["metadata"].get("annotations")
        for one in tempo_2().of_type("ServiceAccount")
    }
    assert annotations == {"tempo": ROLE, "tempo-compute": None}


def test_only_what_asks_the_store_has_its_keys() -> None:
    """A process that never uses the bucket must not be able to read it."""
    recorder = recorded(TEMPO_2, access=StoreAccess.by_credentials("tempo-keys"))
    assert (
        variables(recorder, "querier")
        == {
            "AWS_ACCESS_KEY_ID": {"name": "tempo-keys", "key": "access_key"},
            "AWS_SECRET_ACCESS_KEY": {"name": "tempo-keys", "key": "secret_key"},
            "GOMEMLIMIT": "1600MiB",
        }
        | ADDRESS
    )
    assert variables(recorder, "distributor") == {"GOMEMLIMIT": "1600MiB"} | ADDRESS


def test_the_keys_id_is_known_to_all_and_expanded_by_all() -> None:
    """All processes read the same configuration, which refers to the KMS key by a variable."""
    recorder = recorded(
        TEMPO_2, access=StoreAccess.by_identity("pod_identity role", {}, pulumi.Output.from_input("arn:key"))
    )
    for one in TEMPO_2:
        assert variables(recorder, one.name)["TEMPO_KMS_KEY_ID"] == "arn:key"
        assert container(recorder, one.name)["args"] == [
            "-config.file=/etc/tempo/tempo.yaml",
            "-config.expand-env=true",
            f"-target={one.target}",
        ]


def test_every_process_knows_its_pods_address_and_expands_it() -> None:
    """Tempo by itself finds only a private IPv4 address of an interface with a certain name."""
    for recorder in (tempo_2(), tempo_3()):
        for found in recorder.of_type("Deployment") + recorder.of_type("StatefulSet"):
            (one,) = found.inputs["spec"]["template"]["spec"]["containers"]
            if one["name"] == "memcached":
                continue
            fields = [each["valueFrom"]["fieldRef"] for each in one["env"] if each["name"] == "POD_IP"]
            assert fields == [{"fieldPath": "status.podIP"}], one["name"]
            assert "-config.expand-env=true" in one["args"], one["name"]


def test_a_live_store_knows_its_zone() -> None:
    """Each partition has one live store in each zone."""
    assert container(tempo_3(), "live-store-zone-b")["args"] == [
        "-config.file=/etc/tempo/tempo.yaml",
        "-config.expand-env=true",
        "-target=live-store",
        "-live-store.instance-availability-zone=zone-b",
    ]


def test_a_container_is_called_as_tempos_dashboards_ask_for_it() -> None:
    """They select containers by the target's name, which has no zone."""
    assert container(tempo_3(), "live-store-zone-a")["name"] == "live-store"


def test_another_configuration_has_another_name() -> None:
    """An immutable ConfigMap is replaced under a new name, so running Pods keep the old configuration."""
    config = tempo_2().one("tempo-config")
    assert config.inputs["data"] == {"tempo.yaml": "Tempo config"}
    assert config.inputs["immutable"] is True
    assert "name" not in config.inputs["metadata"]


def test_overrides_keep_their_name_and_can_be_changed() -> None:
    """Running Pods mount it by that name, and the kubelet brings them its new contents."""
    overrides = tempo_2().one("tempo-overrides")
    assert overrides.inputs["data"] == {"overrides.yaml": "overrides"}
    assert "immutable" not in overrides.inputs
    assert overrides.inputs["metadata"]["name"] == "tempo-overrides"


def test_every_process_mounts_both() -> None:
    for one in TEMPO_2:
        found = [volume for volume in pod(tempo_2(), one.name)["volumes"] if "configMap" in volume]
        assert found == [
            {"name": "config", "configMap": {"name": "tempo-config-0a1b2c3d"}},
            {"name": "overrides", "configMap": {"name": "tempo-overrides"}},
        ]


def test_other_overrides_restart_no_process() -> None:
    after = recorded(TEMPO_2, files=replace(FILES, overrides="changed"))
    for one in TEMPO_2:
        server = f"tempo-{one.name}-server"
        assert spec(after, server)["template"] == spec(tempo_2(), server)["template"]


def test_another_configuration_restarts_every_process() -> None:
    """Tempo reads its configuration only when it starts."""
    after = recorded(TEMPO_2, files=replace(FILES, config="changed"))

    def checksum(recorder: Recorder, name: str) -> str:
        annotations = spec(recorder, f"tempo-{name}-server")["template"]["metadata"]["annotations"]
        return str(annotations["checksum/config"])

    for one in TEMPO_2:
        assert checksum(tempo_2(), one.name) != checksum(after, one.name)


@pytest.mark.parametrize("recorder", [tempo_2, tempo_3], ids=["2", "3"])
def test_every_pod_meets_the_restricted_profile(recorder: Any) -> None:
    found = [*recorder().of_type("Deployment"), *recorder().of_type("StatefulSet")]
    assert len(found) > 6
    for one in found:
        template = one.inputs["spec"]["template"]["spec"]
        assert template["securityContext"]["runAsNonRoot"] is True
        assert template["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert template["automountServiceAccountToken"] is False
        assert not any("hostPath" in volume for volume in template.get("volumes", []))
        for inner in template["containers"]:
            assert inner["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
                "readOnlyRootFilesystem": True,
            }
            limited = {"cpu", "memory", "ephemeral-storage"}
            assert inner["resources"]["limits"].keys() == inner["resources"]["requests"].keys() == limited


@pytest.mark.parametrize("name", [one.name for one in TEMPO_2])
def test_every_process_can_write_where_its_log_goes(name: str) -> None:
    """The root file system is read-only, so the log must be on a volume."""
    mounts = {mount["mountPath"]: mount["name"] for mount in container(tempo_2(), name)["volumeMounts"]}
    assert mounts == {"/etc/tempo": "config", "/etc/tempo-overrides": "overrides", "/var/tempo": "data"}
    assert not any("subPath" in mount for mount in container(tempo_2(), name)["volumeMounts"])
    claims = [
        claim["metadata"]["name"]
        for claim in spec(tempo_2(), f"tempo-{name}-server").get("volumeClaimTemplates", [])
    ]
    scratch = [volume["name"] for volume in pod(tempo_2(), name)["volumes"] if "emptyDir" in volume]
    assert claims + scratch == ["data"]
    assert bool(claims) == (name == "ingester")


def test_a_scratch_volume_is_bounded_as_tempos_jsonnet_has_it() -> None:
    """An unbounded one could fill the node's disk."""
    (scratch,) = [volume for volume in pod(tempo_3(), "block-builder")["volumes"] if "emptyDir" in volume]
    assert scratch == {"name": "data", "emptyDir": {"sizeLimit": "5120Mi"}}


def test_an_ingesters_volume_is_as_large_as_planned_and_kept() -> None:
    """It holds traces that are not in the bucket yet."""
    found = tempo_2().one("tempo-ingester-server")
    (claim,) = found.inputs["spec"]["volumeClaimTemplates"]
    assert claim["spec"]["resources"]["requests"]["storage"] == "100Gi"
    assert found.inputs["spec"]["persistentVolumeClaimRetentionPolicy"] == {
        "whenDeleted": "Retain",
        "whenScaled": "Retain",
    }
    assert found.protect


def test_what_keeps_nothing_is_not_protected() -> None:
    """Protection is for data: on anything else it only blocks changes."""
    kept = [one.name for one in tempo_2().registrations if one.protect]
    assert kept == ["tempo-ingester-server"]
    assert not tempo_3().one("tempo-backend-worker-server").protect


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("ingester", 300), ("metrics-generator", 300), ("distributor", 60), ("query-frontend", 60)],
)
def test_a_process_has_time_to_end(name: str, seconds: int) -> None:
    """An ingester writes its memory to its log and finishes its uploads; killed before that, it loses traces."""
    assert pod(tempo_2(), name)["terminationGracePeriodSeconds"] == seconds


def test_no_process_is_killed_for_not_being_ready() -> None:
    """An ingester is not ready while it replays its log, nor a frontend before a querier connects."""
    for one in TEMPO_2:
        assert container(tempo_2(), one.name)["readinessProbe"]["httpGet"] == {"path": "/ready", "port": "http"}
        assert container(tempo_2(), one.name)["livenessProbe"]["httpGet"] == {
            "path": "/status/version",
            "port": "http",
        }


def test_what_is_secret_stays_secret() -> None:
    """The component refers to credentials by their Secret's name, and must not unwrap a secret input."""
    recorder = recorded(
        TEMPO_2, access=StoreAccess.by_identity("pod_identity role", {}, pulumi.Output.secret("planted"))
    )
    shown = str([one.inputs for one in recorder.registrations]) + str(recorder.outputs)
    assert "planted" not in shown
    assert not recorder.of_type("Secret")
