"""The features that Pods, users and tests need of the node, tested on a real one with restricted Pods only."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from kubernetes import client, config, stream

from lab.node import Binaries, Node, load
from lab.node.layout import NODE_NAME, NodeFolder
from lab.toolchain import images
from tests.support.waiting import eventually

pytestmark = pytest.mark.cluster

SHELL_IMAGE = "localhost/fawkes-lab/test-shell:1"
APPLETS = ("cat", "httpd", "id", "mkdir", "nc", "nslookup", "printf", "sh", "sleep", "stat")
WEB = "mkdir -p /tmp/web && echo hello from a pod > /tmp/web/index.html && httpd -f -p 8080 -h /tmp/web"
RESTRICTED = {
    "allowPrivilegeEscalation": False,
    "runAsNonRoot": True,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}


@pytest.fixture(scope="module")
def core(own_node: Node, tmp_path_factory: pytest.TempPathFactory) -> Iterator[client.CoreV1Api]:
    """A client of the API server; the node has the image of the test Pods."""
    config.load_kube_config(str(own_node.kubeconfig))  # type: ignore[no-untyped-call]
    binaries = load(NodeFolder(own_node.kubeconfig.parents[2]).binaries)
    assert isinstance(binaries, Binaries)
    links = {f"/bin/{applet}": "busybox" for applet in APPLETS}
    archive = tmp_path_factory.mktemp("images") / "shell.tar"
    own_node.load_image(
        images.build(SHELL_IMAGE, {"/bin/busybox": binaries.busybox}, ["/bin/sh"], archive, links=links)
    )
    with client.ApiClient() as session:
        yield client.CoreV1Api(session)
        # Closing a session leaves its connections open.
        session.rest_client.pool_manager.clear()


@pytest.fixture
def namespace(core: client.CoreV1Api) -> Iterator[str]:
    """A namespace for one test that enforces the restricted profile."""
    name = f"node-test-{uuid.uuid4().hex[:8]}"
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    _create(core.create_namespace, {"metadata": {"name": name, "labels": labels}})
    eventually(lambda: core.list_namespaced_service_account(name).items, "the namespace has its service account")
    yield name
    core.delete_namespace(name)


def names(objects: Any) -> set[str]:
    """Return the names of listed objects."""
    return {item.metadata.name for item in objects.items}


def _create(call: Callable[..., Any], *arguments: Any) -> None:
    """Call a typed create function with a plain manifest."""
    call(*arguments)


def shell_pod(name: str, script: str, **spec: Any) -> dict[str, Any]:
    """Return a Pod that runs a shell script under the restricted profile; `spec` may hold `mounts`."""
    container = {
        "name": "main",
        "image": SHELL_IMAGE,
        "imagePullPolicy": "Never",
        "args": ["-c", script],
        "securityContext": RESTRICTED,
        "volumeMounts": spec.pop("mounts", []),
    }
    defaults = {"restartPolicy": "Never", "terminationGracePeriodSeconds": 0, "containers": [container]}
    return {"metadata": {"name": name, "labels": {"app": name}}, "spec": {**defaults, **spec}}


def run_pod(core: client.CoreV1Api, namespace: str, pod: dict[str, Any]) -> str:
    """Run a Pod until it terminates and return its log; an exit code other than 0 fails the test."""
    name = pod["metadata"]["name"]
    _create(core.create_namespaced_pod, namespace, pod)
    phase = eventually(lambda: _phase(core, namespace, name, "Succeeded", "Failed"), f"Pod {name} has terminated")
    log = str(core.read_namespaced_pod_log(name, namespace))
    assert phase == "Succeeded", log
    return log


def start_pod(core: client.CoreV1Api, namespace: str, pod: dict[str, Any]) -> str:
    """Start a Pod and return its address once it runs."""
    name = pod["metadata"]["name"]
    _create(core.create_namespaced_pod, namespace, pod)
    eventually(lambda: _phase(core, namespace, name, "Running"), f"Pod {name} runs")
    return str(_status(core, namespace, name).pod_ip)


def _phase(core: client.CoreV1Api, namespace: str, name: str, *wanted: str) -> str:
    phase = str(_status(core, namespace, name).phase)
    return phase if phase in wanted else ""


def _status(core: client.CoreV1Api, namespace: str, name: str) -> Any:
    return core.read_namespaced_pod(name, namespace).status


def claim(name: str) -> dict[str, Any]:
    """Return a claim of the default storage class."""
    return {
        "metadata": {"name": name},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    }


def test_every_daemon_of_the_node_runs(own_node: Node) -> None:
    """The API does not show this: a daemon in a restart loop can still answer."""
    states = {daemon.name: daemon.state for daemon in own_node.status()}
    assert set(states.values()) == {"running"}
    # Only a stack with an issuer needs it.
    assert set(states) - {"cert-manager"} == {
        "etcd",
        "containerd",
        "kube-apiserver",
        "kube-controller-manager",
        "kube-scheduler",
        "kubelet",
        "kube-proxy",
        "volumes",
        "discovery",
        "prometheus",
        "alertmanager",
    }


def test_a_privileged_pod_is_refused_where_the_restricted_profile_is_enforced(
    core: client.CoreV1Api, namespace: str
) -> None:
    """Fawkes enforces the profile, so a lab that does not would let broken manifests pass."""
    pod = shell_pod("privileged", "true")
    pod["spec"]["containers"][0]["securityContext"] = {"privileged": True}
    with pytest.raises(client.ApiException, match="violates PodSecurity"):
        _create(core.create_namespaced_pod, namespace, pod)


def test_a_restricted_pod_runs_as_the_images_own_user(core: client.CoreV1Api, namespace: str) -> None:
    """Restricted Pods name no user, so the image's must not be root. Also reads logs through the kubelet."""
    assert run_pod(core, namespace, shell_pod("who", "id -u")) == "10001\n"


def test_a_service_is_found_by_name_and_answers_in_pods_and_on_the_machine(
    core: client.CoreV1Api, namespace: str
) -> None:
    """Learners and tests on the machine use the same addresses as Pods."""
    pod_address = start_pod(core, namespace, shell_pod("web", WEB))
    service = {"metadata": {"name": "web"}, "spec": {"selector": {"app": "web"}, "ports": [{"port": 8080}]}}
    _create(core.create_namespaced_service, namespace, service)
    service_address = core.read_namespaced_service("web", namespace).spec.cluster_ip  # type: ignore[union-attr]

    # Debian's wget applet crashes with a segmentation fault, so the script writes the HTTP request itself.
    call = f"printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 2 {service_address} 8080"
    script = f"nslookup web.{namespace}.svc.cluster.local && until {call}; do sleep 0.2; done"
    log = run_pod(core, namespace, shell_pod("caller", script))
    assert f"Address: {service_address}\n" in log
    assert log.endswith("hello from a pod\n")
    for address in (pod_address, service_address):
        assert requests.get(f"http://{address}:8080/", timeout=5).text == "hello from a pod\n"


def test_a_name_outside_the_cluster_does_not_exist_and_that_is_said_at_once(
    core: client.CoreV1Api, namespace: str
) -> None:
    """A Pod that waits for the internet would look like a hanging lab."""
    script = "began=$(date +%s); nslookup example.org && exit 1; echo $(($(date +%s) - began)) seconds"
    log = run_pod(core, namespace, shell_pod("lookup", script))
    assert "NXDOMAIN" in log
    # A resolver without an answer tries twice, for 5 s each.
    assert int(log.split()[-2]) < 10


def test_a_pod_without_root_writes_to_its_volume_through_its_group_and_another_reads_it(
    core: client.CoreV1Api, namespace: str
) -> None:
    """Tempo and the gateway keep queues and logs on volumes, as users without root."""
    _create(core.create_namespaced_persistent_volume_claim, namespace, claim("data"))
    storage = {
        "securityContext": {"runAsUser": 20001, "runAsGroup": 20001, "fsGroup": 30001},
        "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}],
    }
    mounts = [{"name": "data", "mountPath": "/data"}]
    run_pod(core, namespace, shell_pod("writer", "echo kept > /data/file", mounts=mounts, **storage))
    reader = shell_pod("reader", "cat /data/file && stat -c '%u %g' /data/file", mounts=mounts, **storage)
    assert run_pod(core, namespace, reader) == "kept\n20001 30001\n"


def test_a_deleted_claims_volume_and_its_folder_are_deleted(
    core: client.CoreV1Api, namespace: str, own_node: Node
) -> None:
    """A lab that is used for weeks must not fill the disk."""
    _create(core.create_namespaced_persistent_volume_claim, namespace, claim("data"))
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
    run_pod(core, namespace, shell_pod("user", "true", volumes=volumes))
    volume = core.read_namespaced_persistent_volume_claim("data", namespace).spec.volume_name  # type: ignore[union-attr]
    folder = NodeFolder(own_node.kubeconfig.parents[2]).volumes / str(volume)
    assert folder.is_dir()

    core.delete_namespaced_pod("user", namespace)
    core.delete_namespaced_persistent_volume_claim("data", namespace)
    eventually(lambda: not folder.exists(), "the folder is deleted")
    eventually(lambda: volume not in names(core.list_persistent_volume()), "the volume is deleted")


def test_commands_run_inside_a_pod(core: client.CoreV1Api, namespace: str) -> None:
    """Runbooks tell learners to run commands inside Pods."""
    start_pod(core, namespace, shell_pod("shell", "sleep 600"))
    session = stream.stream(
        core.connect_get_namespaced_pod_exec,
        "shell",
        namespace,
        command=["sh", "-c", "echo $((6 * 7))"],
        stdout=True,
        _preload_content=False,
    )
    session.run_forever(timeout=30)
    output = session.read_stdout()
    # `close` leaves the connection open once the other side has closed it.
    session.sock.shutdown()
    assert output == "42\n"


def test_the_node_carries_the_name_that_volumes_are_bound_to(core: client.CoreV1Api) -> None:
    """Volumes have an affinity to this label: without it no Pod with a claim is ever scheduled."""
    labels = core.read_node(NODE_NAME).metadata.labels  # type: ignore[union-attr]
    assert labels
    assert labels["kubernetes.io/hostname"] == NODE_NAME
