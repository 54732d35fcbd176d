"""The whole program under the recorder: properties of every resource of every stack."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from render.text import files_checksum
from settings.project import REPO
from snapshot.files import snapshot_files
from snapshot.program import record_program
from snapshot.recorder import SECRET, autoname
from tests.support.programs import changed, pod, pod_labels, recorded, workloads
from tests.support.stacks import ABSENT, STACKS, as_config, sections, stack_file

DIVIDED = {"cpu", "memory", "ephemeral-storage"}
_RECORDER_ANSWERS = ("generated-password", "Z2VuZXJhdGVkLWJ5dGVz")


@pytest.mark.parametrize("stack", STACKS)
def test_the_committed_rendering_is_what_the_program_says(stack: str) -> None:
    """Reviewers see the effect of a change in the difference of these files."""
    for name, text in snapshot_files(stack_file(stack), stack).items():
        committed = (REPO / "rendered" / stack / name).read_text(encoding="utf-8")
        assert committed == text, (
            f"rendered/{stack}/{name} is out of date: run `make golden` and read the difference"
        )


@pytest.mark.parametrize("stack", STACKS)
def test_names_types_and_parents_are_a_contract(stack: str) -> None:
    """A renamed resource is deleted and created again, and loses the data that it holds."""
    names = {found.urn: found.name for found in recorded(stack).registrations}
    lines = sorted(f"{r.type} {r.name} < {names.get(r.parent, '')}" for r in recorded(stack).registrations)
    snapshot = (REPO / "tests" / "data" / f"names-{stack}.txt").read_text(encoding="utf-8").splitlines()
    assert snapshot == lines, (
        "logical names, types or parents changed. A rename needs an Alias; then write the new list to the snapshot"
    )


@pytest.mark.parametrize("stack", STACKS)
def test_every_object_but_secrets_is_applied_under_the_stacks_name(stack: str) -> None:
    """With a random manager an adopted object conflicts with itself; a Secret with another value should."""
    managers: dict[bool, set[str | None]] = {True: set(), False: set()}
    for found in recorded(stack).registrations:
        if found.type.startswith("kubernetes:"):
            annotations = found.inputs["metadata"].get("annotations", {})
            managers[found.type.endswith(":Secret")].add(annotations.get("pulumi.com/patchFieldManager"))
    assert managers == {False: {f"fawkes-tracing-{stack}"}, True: {None} if managers[True] else set()}


@pytest.mark.parametrize("stack", STACKS)
def test_every_pod_meets_the_restricted_profile_and_more(stack: str) -> None:
    """The namespace enforces the profile; the other limits are for intruders and large volumes."""
    for workload in workloads(recorded(stack)):
        spec = pod(workload)
        security = spec["securityContext"]
        assert security["runAsNonRoot"] is True, workload.name
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}, workload.name
        # Volumes belong to the processes' group, and a large volume is not walked at each start.
        assert security["fsGroup"] == security["runAsGroup"] == security["runAsUser"] == 10001, workload.name
        assert security["fsGroupChangePolicy"] == "OnRootMismatch", workload.name
        # No environment variables for Services: a program could take one for a setting of its own.
        assert spec["enableServiceLinks"] is False, workload.name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(spec), workload.name
        allowed = {"name", "configMap", "emptyDir", "secret", "projected"}
        assert all(set(volume) <= allowed for volume in spec.get("volumes", [])), workload.name
        for container in spec["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, workload.name
            assert not any("hostPort" in port for port in container.get("ports", [])), workload.name


@pytest.mark.parametrize("stack", STACKS)
def test_the_namespace_refuses_what_does_not_meet_the_restricted_profile(stack: str) -> None:
    """A Pod that somebody adds by hand must not become root on its node."""
    (namespace,) = recorded(stack).of_type("Namespace")
    labels = namespace.inputs["metadata"]["labels"]
    for mode in ("enforce", "warn", "audit"):
        assert labels[f"pod-security.kubernetes.io/{mode}"] == "restricted"


@pytest.mark.parametrize("stack", STACKS)
def test_nobody_writes_into_texts(stack: str) -> None:
    """A configuration that differs from its checksum would not be the reviewed one."""
    for workload in workloads(recorded(stack)):
        configs = {volume["name"] for volume in pod(workload).get("volumes", []) if "configMap" in volume}
        for container in pod(workload)["containers"]:
            mounts = [mount for mount in container.get("volumeMounts", []) if mount["name"] in configs]
            assert all(mount["readOnly"] is True for mount in mounts), workload.name


@pytest.mark.parametrize("stack", STACKS)
def test_a_volume_is_of_one_pod_and_has_only_labels_that_never_change(stack: str) -> None:
    """A changed claim template would replace the StatefulSet, and team and environment do change."""
    for workload in recorded(stack).of_type("StatefulSet"):
        for claim in workload.inputs["spec"].get("volumeClaimTemplates", []):
            assert claim["spec"]["accessModes"] == ["ReadWriteOnce"], workload.name
            assert set(claim["metadata"]["labels"]) == {"app.kubernetes.io/name", "app.kubernetes.io/instance"}
            assert claim["metadata"]["labels"].items() <= pod_labels(workload).items(), workload.name


@pytest.mark.parametrize("stack", STACKS)
def test_every_container_has_requests_and_limits(stack: str) -> None:
    """A container without them can starve every other one on its node."""
    for workload in workloads(recorded(stack)):
        for container in pod(workload)["containers"]:
            resources = container["resources"]
            assert set(resources["requests"]) == set(resources["limits"]) == DIVIDED, workload.name


@pytest.mark.parametrize("stack", STACKS)
def test_go_servers_know_their_memory_limit_and_are_probed(stack: str) -> None:
    """Go collects garbage in time only if it knows the limit; otherwise the kernel kills it."""
    others = ("store-setup-job", "tempo-memcached-server", "synthetic-check-server")
    servers = [workload for workload in workloads(recorded(stack)) if workload.name not in others]
    for workload in servers:
        (container,) = pod(workload)["containers"]
        env = {variable["name"]: variable.get("value") for variable in container["env"]}
        limit = int(container["resources"]["limits"]["memory"].removesuffix("Mi"))
        # Collectors refuse spans above 60 %, and have to collect garbage before that.
        share = 60 if workload.name in ("agent-daemon", "gateway-server") else 80
        assert int(str(env["GOMEMLIMIT"]).removesuffix("MiB")) == limit * share // 100, workload.name
        assert {"readinessProbe", "livenessProbe"} <= set(container), workload.name


@pytest.mark.parametrize("stack", STACKS)
def test_only_the_agent_may_talk_to_the_kubernetes_api(stack: str) -> None:
    """It looks up the Pod of each span; nothing else needs a token that an intruder could use."""
    tokens = {w.name: pod(w).get("automountServiceAccountToken") for w in workloads(recorded(stack))}
    assert [name for name, mounted in tokens.items() if mounted is not False] == ["agent-daemon"]


@pytest.mark.parametrize("stack", STACKS)
def test_no_account_hands_out_a_token_by_itself(stack: str) -> None:
    """Otherwise a Pod that somebody else starts under the account would get a token."""
    accounts = recorded(stack).of_type("ServiceAccount")
    assert {account.inputs.get("automountServiceAccountToken") for account in accounts} == {False}


def test_the_setup_of_the_bucket_has_an_account_of_its_own_and_no_token() -> None:
    """It runs our script with a third-party client, and needs only the store."""
    account, job = recorded("dojo").one("store-setup-account"), recorded("dojo").one("store-setup-job")
    assert account.inputs["automountServiceAccountToken"] is False
    assert pod(job)["automountServiceAccountToken"] is False
    assert pod(job)["serviceAccountName"] == autoname("store-setup-account")
    others = [one for one in workloads(recorded("dojo")) if one.name != job.name]
    assert pod(job)["serviceAccountName"] not in {pod(other)["serviceAccountName"] for other in others}


def test_the_agent_may_read_what_it_reads_and_no_more() -> None:
    """The role is cluster-wide: with Secrets in it, one agent could read every credential."""
    (cluster_role,) = recorded("dojo").of_type("ClusterRole")
    assert recorded("dojo").of_type("Role") == []
    read = ["get", "list", "watch"]
    assert cluster_role.inputs["rules"] == [
        {"apiGroups": [""], "resources": ["pods", "namespaces"], "verbs": read}
    ]


@pytest.mark.parametrize("stack", STACKS)
def test_a_changed_text_restarts_its_pods(stack: str) -> None:
    """The annotation is the checksum of exactly the mounted files, but for those that the process reloads."""
    recorder = recorded(stack)
    reloaded = {
        m.inputs["metadata"]["name"]
        for m in recorder.of_type("ConfigMap")
        # Dashboards are Grafana's: no Pod mounts them.
        if not m.inputs.get("immutable") and "grafana_dashboard" not in m.inputs["metadata"]["labels"]
    }
    assert reloaded == {"tempo-overrides"}
    maps = {autoname(m.name): m.inputs["data"] for m in recorder.of_type("ConfigMap")}
    checked = 0
    for workload in workloads(recorder):
        template = workload.inputs["spec"]["template"]
        annotations = template["metadata"].get("annotations", {})
        names = [v["configMap"]["name"] for v in pod(workload).get("volumes", []) if "configMap" in v]
        for name in set(names) - reloaded:
            assert annotations["checksum/config"] == files_checksum(maps[name]), workload.name
            checked += 1
    assert checked >= 2


@pytest.mark.parametrize("stack", STACKS)
def test_no_secret_is_in_clear_text(stack: str) -> None:
    """State, previews and logs show every input that is not marked as a secret."""
    recorder = recorded(stack)
    text = json.dumps([r.inputs for r in recorder.registrations]) + json.dumps(recorder.outputs)
    assert not any(answer in text for answer in _RECORDER_ANSWERS)
    for secret in recorder.of_type("Secret"):
        assert secret.inputs["stringData"] == SECRET


@pytest.mark.parametrize("stack", STACKS)
def test_every_component_registers_its_outputs_and_passes_nothing_on(stack: str) -> None:
    recorder = recorded(stack)
    components = [r for r in recorder.registrations if r.type.startswith("fawkes:tracing:")]
    assert components
    for component in components:
        assert recorder.outputs.get(component.urn) is not None, f"{component.name} never registers outputs"
    assert all(component.aliases == 0 for component in components)
    for resource in recorder.registrations:
        # The provider of all Kubernetes objects belongs to the stack itself.
        if resource.custom and resource.name != "kubernetes":
            parent = next(c for c in components if c.urn == resource.parent)
            assert resource.name.startswith(parent.name), f"{resource.name} belongs to {parent.name}"


@pytest.mark.parametrize(("protect", "retain"), [(True, True), (True, False), (False, False)])
def test_what_holds_traces_is_protected_as_the_settings_say(protect: bool, retain: bool) -> None:  # noqa: FBT001
    """The encryption key counts as data: without it, a retained volume is unreadable."""
    recorder = changed({"environment.protect_stateful": protect, "environment.retain_stateful_on_delete": retain})
    keys = [recorder.one("store-minio-encryption"), recorder.one("store-minio-encryption-secret")]
    stateful = [*recorder.of_type("StatefulSet"), *recorder.of_type("Namespace"), *keys]
    assert len(stateful) == 6
    assert {(r.protect, r.retain_on_delete) for r in stateful} == {(protect, retain)}
    assert not any(r.protect for r in recorder.registrations if r not in stateful)
    policies = [s.inputs["spec"]["persistentVolumeClaimRetentionPolicy"] for s in recorder.of_type("StatefulSet")]
    kept = "Retain" if protect or retain else "Delete"
    assert all(policy == {"whenDeleted": kept, "whenScaled": "Retain"} for policy in policies)


def test_names_that_texts_refer_to_exist() -> None:
    """Nothing else checks a Service's name inside a rendered config."""
    recorder = recorded("dojo")
    services = {s.inputs["metadata"]["name"]: s.inputs for s in recorder.of_type("Service")}
    gateway = recorder.one("gateway-config").inputs["data"]["collector.yaml"]
    agent = recorder.one("agent-config").inputs["data"]["collector.yaml"]
    tempo = recorder.one("tempo-config").inputs["data"]["tempo.yaml"]
    assert "endpoint: tempo.fawkes-observability.svc:4317" in gateway
    assert "hostname: otel-gateway.fawkes-observability.svc" in agent
    assert "endpoint: minio.fawkes-observability.svc:9000" in tempo
    assert set(services) == {
        *("tempo", "tempo-headless", "otel-gateway", "minio", "minio-headless", "otel-agent"),
        "tracing-check",
    }
    assert services["otel-gateway"]["spec"]["clusterIP"] == "None", "agents read its endpoints"
    assert services["otel-agent"]["spec"]["internalTrafficPolicy"] == "Local"
    for name, service in services.items():
        matching = [w for w in workloads(recorder) if service["spec"]["selector"].items() <= pod_labels(w).items()]
        assert len(matching) == 1, f"the Service {name} selects one workload"


# The dojo's volume does not hold the average load for twice the time.
LONGER = {"retention.detailed_hours": 48, "load.average_spans_per_second": 20}


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """Return the names of the resources that differ, but for boards and rules, whose limits follow the plan."""
    differ = {name for name in before if before[name] != after[name]}
    return {name for name in differ if not name.startswith(("observability-dashboards-", "observability-rules-"))}


def test_a_longer_retention_changes_only_what_depends_on_it() -> None:
    """A resource that changes without a reason restarts Pods and hides the change that matters."""
    before = {r.name: r.inputs for r in recorded("dojo").registrations}
    after = {r.name: r.inputs for r in changed(LONGER).registrations}

    assert before.keys() == after.keys()
    assert differing(before, after) == {
        "tempo-overrides",
        # The bucket's own expiry follows the longest retention.
        "store-setup-files",
        "store-setup-job",
    }


def test_another_share_changes_only_the_gateway() -> None:
    """Sampling is changed during incidents, when a restart of the store would hurt most."""
    before = {r.name: r.inputs for r in recorded("dojo").registrations}
    after = {r.name: r.inputs for r in changed({"sampling.baseline_percentage": 10}).registrations}

    assert differing(before, after) == {"gateway-config", "gateway-server"}


def test_any_s3_compatible_store_serves_by_setting_alone() -> None:
    """MinIO is archived upstream: a platform must be able to leave it without a change of the program."""
    recorder = changed(
        {
            "object_store.kind": "s3_compatible",
            "object_store.minio": ABSENT,
            "object_store.endpoint": "seaweed:8333",
            "object_store.plain_http": True,
            "object_store.encryption": "none",
            "images.object_store": ABSENT,
        },
        {"fawkes-tracing:object_store_access_key": "mine", "fawkes-tracing:object_store_secret_key": "hidden"},
    )

    assert not recorder.of_type("MinioStore")
    assert not recorder.of_type("RandomPassword")
    assert "endpoint: seaweed:8333" in recorder.one("tempo-config").inputs["data"]["tempo.yaml"]
    assert "mc alias set store http://seaweed:8333" in recorder.one("store-setup-files").inputs["data"]["setup.sh"]


def test_a_store_of_ones_own_without_keys_is_told_the_command() -> None:
    with pytest.raises(pulumi.RunError, match="pulumi config set --secret fawkes-tracing:object_store_access_key"):
        changed(
            {
                "object_store.kind": "s3_compatible",
                "object_store.minio": ABSENT,
                "object_store.endpoint": "seaweed:8333",
                "object_store.encryption": "none",
                "images.object_store": ABSENT,
            }
        )


def test_a_refused_stack_registers_nothing_and_says_everything() -> None:
    """One run reports every problem, so nobody fixes them one run at a time."""
    with pytest.raises(pulumi.RunError) as refused:
        changed({"retention.detailed_hours": 0, "retention.detailed_hour": 24})

    text = str(refused.value)
    assert text.startswith("Pulumi.dojo.yaml is refused:\n")
    assert "retention.detailed_hour: unknown key" in text
    assert "retention.detailed_hours: the value is too small" in text


def test_a_setting_without_effect_is_warned_about(caplog: pytest.LogCaptureFixture) -> None:
    """An operator must not believe that such a setting has an effect."""
    without_effect = {"tempo.generator_volume_size_gib": 12}
    record_program(as_config(sections("dojo", without_effect)), "dojo")
    warned = " ".join(record.message for record in caplog.records)
    assert "tempo.generator_volume_size_gib" in warned

    caplog.clear()
    for stack in STACKS:
        record_program(as_config(sections(stack)), stack)
    assert not caplog.records
