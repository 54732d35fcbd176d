"""An API server with its etcd, in the network of the calling thread: no node, no controllers."""

import json
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import urllib3
from kubernetes import client

from lab.toolchain.build import find
from tests.support.own_network import in_network
from tests.support.tools import absent, system_program
from tests.support.waiting import eventually

Start = Callable[[Sequence[str | Path], str], "subprocess.Popen[str]"]
SERVICES = "10.96.0.0/16"
_URL = "https://127.0.0.1:6443"
_ETCD = "http://127.0.0.1:2379"
# Nobody else is in that network.
_TOKEN = "only-on-this-loopback"


@contextmanager
def api_server(folder: Path, start: Start) -> Iterator[client.ApiClient]:
    """Start both by `start` and yield a client; other programs use `kubeconfig` in the folder."""
    kube = find("kube")
    if kube is None:
        absent("kube is not built: run `make tools`")
    key = folder / "sa.key"
    in_network("openssl", "genrsa", "-out", str(key), "2048")
    (folder / "tokens.csv").write_text(f"{_TOKEN},admin,admin,system:masters\n", encoding="utf-8")
    (folder / "kubeconfig").write_text(json.dumps(_kubeconfig()), encoding="utf-8")
    start([system_program("etcd"), f"--data-dir={folder / 'etcd'}", f"--listen-client-urls={_ETCD}",
           f"--advertise-client-urls={_ETCD}"], "etcd")  # fmt: skip
    start([kube, "kube-apiserver", f"--etcd-servers={_ETCD}", "--bind-address=127.0.0.1",
           "--advertise-address=10.244.0.1", f"--cert-dir={folder / 'certificates'}",
           f"--service-account-key-file={key}", f"--service-account-signing-key-file={key}",
           "--service-account-issuer=https://localhost", f"--token-auth-file={folder / 'tokens.csv'}",
           "--authorization-mode=RBAC", f"--service-cluster-ip-range={SERVICES}",
           # Without controllers no namespace has the account that this requires of a Pod.
           "--disable-admission-plugins=ServiceAccount"], "kube-apiserver")  # fmt: skip
    settings = client.Configuration(host=_URL, api_key={"authorization": f"Bearer {_TOKEN}"})
    settings.verify_ssl, settings.no_proxy = False, "*"
    urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    with client.ApiClient(settings) as session:
        eventually(lambda: _answers(session), "the API server has its default namespace", seconds=120)
        yield session
        session.rest_client.pool_manager.clear()


def _answers(session: client.ApiClient) -> bool:
    try:
        client.CoreV1Api(session).read_namespace("default")
    except (client.ApiException, urllib3.exceptions.HTTPError):
        return False
    return True


def _kubeconfig() -> dict[str, object]:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "it",
        "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}],
        "clusters": [{"name": "it", "cluster": {"server": _URL, "insecure-skip-tls-verify": True}}],
        "users": [{"name": "it", "user": {"token": _TOKEN}}],
    }


@contextmanager
def processes(folder: Path) -> Iterator[Start]:
    """Yield what starts a process with its output in `folder`; at the end all of them are ended."""
    started: list[subprocess.Popen[str]] = []

    def start(command: Sequence[str | Path], name: str) -> "subprocess.Popen[str]":
        with (folder / f"{name}.log").open("w", encoding="utf-8") as log:
            process = subprocess.Popen([*map(str, command)], stdout=log, stderr=log, text=True)
        started.append(process)
        return process

    try:
        yield start
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
