"""The object store's components: who gets which credentials, and what depends on what."""

import functools
from typing import Any

import pulumi
import pytest

from components.configuration import secret_setting
from components.storage.object_store import ObjectStore, ObjectStoreArgs
from components.storage.store_keys import StoreKeys, StoreKeysArgs
from snapshot.program import record, record_program
from snapshot.recorder import SECRET, Recorder
from tests.support.components import context_of
from tests.support.programs import recorded
from tests.support.stacks import ABSENT, as_config, sections, settings_of

OWN_STORE: dict[str, Any] = {
    "object_store.kind": "s3_compatible",
    "object_store.minio": ABSENT,
    "object_store.endpoint": "store.internal:8333",
    "object_store.encryption": "none",
    "images.object_store": ABSENT,
}
KEYS = {
    "fawkes-tracing:object_store_access_key": "planted-access",
    "fawkes-tracing:object_store_secret_key": "planted-secret",
}


@functools.cache
def own_store() -> Recorder:
    """Record a stack that uses the operator's own store."""
    return record_program(as_config(sections("dojo", OWN_STORE)) | KEYS, "dojo")


@functools.cache
def dojo() -> Recorder:
    return record_program(as_config(sections("dojo")), "dojo")


def environment(recorder: Recorder, name: str) -> dict[str, Any]:
    """Return the variables of a workload's container: each one's value, or the Secret and key that hold it."""
    (container,) = recorder.one(name).inputs["spec"]["template"]["spec"]["containers"]
    return {
        variable["name"]: variable.get("value") or variable["valueFrom"].get("secretKeyRef")
        for variable in container["env"]
    }


def secret_name(recorder: Recorder, name: str) -> str:
    """Return the name that the recorder gives a Secret without a fixed one."""
    assert "name" not in recorder.one(name).inputs["metadata"]
    return f"{name}-0a1b2c3d"


def test_the_operators_keys_are_never_in_clear_text() -> None:
    """Inputs and outputs are visible in previews and in the state."""
    shown = str([found.inputs for found in own_store().registrations]) + str(own_store().outputs)
    assert "planted" not in shown
    assert own_store().one("store-tempo-secret").inputs["stringData"] == SECRET


def test_tempo_and_the_setup_use_the_operators_keys() -> None:
    """The operator provides a single pair of credentials."""
    keys = secret_name(own_store(), "store-tempo-secret")
    tempo = environment(own_store(), "tempo-server")
    assert tempo["AWS_ACCESS_KEY_ID"] == {"name": keys, "key": "access_key"}
    assert tempo["AWS_SECRET_ACCESS_KEY"] == {"name": keys, "key": "secret_key"}
    assert environment(own_store(), "store-setup-job")["ACCESS_KEY"] == {"name": keys, "key": "access_key"}


def test_our_own_minios_root_keys_stay_with_the_setup() -> None:
    """Root credentials can delete the bucket and its policies, which Tempo never needs."""
    root, tempo = secret_name(dojo(), "store-minio-root-secret"), secret_name(dojo(), "store-tempo-secret")
    setup = environment(dojo(), "store-setup-job")
    assert setup["SECRET_KEY"] == {"name": root, "key": "secret_key"}
    assert setup["TEMPO_SECRET_KEY"] == {"name": tempo, "key": "secret_key"}
    assert environment(dojo(), "store-minio-server")["MINIO_ROOT_USER"] == {"name": root, "key": "access_key"}
    assert root not in str(dojo().one("tempo-server").inputs)


def test_data_at_rest_is_encrypted_with_a_generated_key() -> None:
    assert environment(dojo(), "store-minio-server")["MINIO_KMS_SECRET_KEY"] == {
        "name": "minio-encryption",
        "key": "encryption_key",
    }
    assert dojo().one("store-minio-encryption").inputs["length"] == 32


def test_keys_change_by_name_so_that_pods_restart_but_the_encryption_key_never_does() -> None:
    """With the fixed name, the API server refuses a new key while the key of a retained volume still exists."""
    names = {}
    for secret in dojo().of_type("Secret"):
        if secret.name.startswith("observability-"):
            # Grafana's datasources, which no Pod of the stack reads.
            continue
        assert secret.inputs["immutable"] is True
        names[secret.name] = secret.inputs["metadata"].get("name")
    assert {name for name, fixed in names.items() if fixed} == {"store-minio-encryption-secret"}
    assert len(names) == 3


def test_unfinished_uploads_are_minios_own_to_remove() -> None:
    """MinIO has no lifecycle rule for unfinished uploads; an environment variable replaces it."""
    config = as_config(sections("dojo", {"object_store.abort_multipart_days": 3}))
    recorder = record_program(config, "dojo")
    assert environment(recorder, "store-minio-server")["MINIO_API_STALE_UPLOADS_EXPIRY"] == "72h"


def test_minio_is_used_when_it_serves_and_killed_only_when_it_is_dead() -> None:
    """A server that still reads its drive is alive but not ready."""
    (container,) = dojo().one("store-minio-server").inputs["spec"]["template"]["spec"]["containers"]
    assert container["readinessProbe"]["httpGet"]["path"] == "/minio/health/ready"
    assert container["livenessProbe"]["httpGet"]["path"] == "/minio/health/live"


@pytest.mark.parametrize("of", ["store-minio-root", "store-tempo"])
def test_generated_keys_are_as_long_as_minio_takes_them_and_need_no_quoting(of: str) -> None:
    """The set-up's shell script reads them line by line."""
    assert dojo().one(f"{of}-access-key").inputs == {"length": 20, "special": False}
    assert dojo().one(f"{of}-secret-key").inputs == {"length": 40, "special": False}


def test_minio_shows_no_console_and_asks_nobody_for_updates() -> None:
    """The version is pinned, and the network is closed."""
    variables = environment(dojo(), "store-minio-server")
    assert (variables["MINIO_BROWSER"], variables["MINIO_UPDATE"]) == ("off", "off")


def test_the_setup_waits_for_the_server_and_tempo_for_the_setup() -> None:
    """A component is registered after its dependencies exist, and its children after the component."""

    def needs(name: str) -> set[str]:
        return {urn.rpartition("::")[2] for urn in dojo().one(name).dependencies}

    assert "store-minio-server" in needs("store-setup")
    assert "store-setup-job" in needs("tempo")


@pytest.mark.parametrize("stack", ["staging", "prod"])
def test_on_amazon_tempo_waits_for_bucket_key_and_role(stack: str) -> None:
    """Tempo cannot use its bucket before all of them exist."""
    needs = {urn.rpartition("::")[2] for urn in recorded(stack).one("tempo").dependencies}
    assert {"store-traces-bucket", "store-traces-key-key", "store-identity-permissions"} <= needs


def test_a_setup_that_fails_leaves_its_log_and_is_tried_twice_more() -> None:
    """Each attempt is a new Pod, because a container that is restarted in place overwrites its log."""
    spec = dojo().one("store-setup-job").inputs["spec"]
    assert spec["backoffLimit"] == 2
    assert spec["template"]["spec"]["restartPolicy"] == "Never"


def test_given_keys_are_not_generated() -> None:
    """The operator's store would not accept a generated pair."""
    keys = StoreKeysArgs(
        context=context_of(settings_of("dojo")),
        component="it",
        access_key="planted-access",
        secret_key="planted-secret",
    )
    recorder = record(lambda: StoreKeys("keys", keys), {}, "test")
    assert not recorder.of_type("RandomPassword")


@pytest.mark.parametrize("name", ["object_store", "object_store_client"])
def test_a_store_without_an_image_that_it_runs_ends_with_a_sentence_and_is_no_other_store(name: str) -> None:
    """The settings' checks refuse it earlier; without them, no other kind of store may be deployed instead."""
    dojo = settings_of("dojo")
    unchecked = dojo.model_copy(update={"images": dojo.images.model_copy(update={name: None})})
    args = ObjectStoreArgs(context=context_of(unchecked), settings=unchecked, setup_files={})
    with pytest.raises(pulumi.RunError) as refusal:
        record(lambda: ObjectStore("store", args), {}, "test")
    assert str(refusal.value).startswith(f"images.{name} is not set, and this stack runs it. Add its repository")


def test_a_missing_secret_setting_names_the_command_that_sets_it() -> None:
    with pytest.raises(pulumi.RunError) as refusal:
        record(lambda: secret_setting("object_store_access_key"), {}, "test")
    assert str(refusal.value) == (
        "fawkes-tracing:object_store_access_key is not set, and the object store needs it. "
        "Set it with: pulumi config set --secret fawkes-tracing:object_store_access_key"
    )
