"""The daemons of a node: what is run, and what must answer before each is started."""

import http.client
import ssl
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from lab.node.binaries import Binaries, Programs, SimulatedBinaries
from lab.node.layout import (
    API_PORT,
    API_URL,
    AWS_PORT,
    CLUSTER_DOMAIN,
    KUBELET_ROOT,
    NODE_ADDRESS,
    NODE_NAME,
    POD_SUBNET,
    SERVICE_SUBNET,
    NodeFolder,
)

_ETCD_URL = "http://127.0.0.1:2379"
_ETCD_PEER_URL = "http://127.0.0.1:2380"
# How the files with the lives of Nodes and Pods are named.
_STAGES = ("node-", "pod-")
# As the kubelet's.
_LEASE_SECONDS = 40
# A gate is asked again and again, so it may give up on one answer early.
_GATE_SECONDS = 1.0


def _at_once() -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Daemon:
    """One program that runs as long as the node; `gate` says whether it may be started yet."""

    name: str
    command: list[str]
    gate: Callable[[], bool] = _at_once


def real_daemons(folder: NodeFolder, binaries: Binaries) -> list[Daemon]:
    """Return the daemons of a node that runs Pods, in the order of their start."""
    api_ready = _api_ready(folder)
    containerd = [str(binaries.containerd), f"--config={folder.configs}/containerd.toml"]
    return [
        *_control_plane(folder, binaries),
        Daemon(name="containerd", command=containerd),
        Daemon(name="kubelet", gate=api_ready, command=[str(binaries.kube), "kubelet", *_kubelet(folder)]),
        Daemon(
            name="kube-proxy",
            gate=api_ready,
            command=[str(binaries.kube), "kube-proxy", f"--config={folder.configs}/kube-proxy.yaml"],
        ),
    ]


def simulated_daemons(folder: NodeFolder, binaries: SimulatedBinaries) -> list[Daemon]:
    """Return the daemons of nodes that only say that they run Pods, and of a cloud in memory."""
    return [
        *_control_plane(folder, binaries),
        Daemon(name="kwok", gate=_api_ready(folder), command=_kwok(folder, binaries)),
        Daemon(name="moto", command=[sys.executable, "-m", "moto.server", f"-H{NODE_ADDRESS}", f"-p{AWS_PORT}"]),
    ]


def _control_plane(folder: NodeFolder, programs: Programs) -> list[Daemon]:
    api_ready = _api_ready(folder)
    volumes = [sys.executable, "-m", "lab.node.volumes", str(folder.root)]
    return [
        Daemon(name="etcd", command=[str(programs.etcd), *_etcd(folder)]),
        Daemon(
            name="kube-apiserver",
            gate=_answers(f"{_ETCD_URL}/health"),
            command=[str(programs.kube), "kube-apiserver", *_api_server(folder)],
        ),
        *(
            Daemon(name=name, gate=api_ready, command=[str(programs.kube), name, *flags])
            for name, flags in (
                ("kube-controller-manager", _controller_manager(folder)),
                ("kube-scheduler", _scheduler(folder)),
            )
        ),
        Daemon(name="volumes", gate=api_ready, command=volumes),
    ]


def _api_ready(folder: NodeFolder) -> Callable[[], bool]:
    return _answers(f"{API_URL}/readyz", ca=f"{folder.pki}/ca.crt")


def _answers(url: str, ca: str | None = None) -> Callable[[], bool]:
    """Return a gate that opens when `url` answers 200."""

    def gate() -> bool:
        context = ssl.create_default_context(cafile=ca) if ca else None
        try:
            with urllib.request.urlopen(url, timeout=_GATE_SECONDS, context=context) as answer:  # noqa: S310 - own URLs
                return bool(answer.status == http.HTTPStatus.OK)
        except (urllib.error.URLError, OSError, http.client.HTTPException):
            return False

    return gate


def _etcd(folder: NodeFolder) -> list[str]:
    return [
        f"--data-dir={folder.data}/etcd",
        f"--listen-client-urls={_ETCD_URL}",
        f"--advertise-client-urls={_ETCD_URL}",
        f"--listen-peer-urls={_ETCD_PEER_URL}",
        f"--initial-advertise-peer-urls={_ETCD_PEER_URL}",
        f"--initial-cluster=default={_ETCD_PEER_URL}",
        # Several times faster on slow disks. A killed node loses nothing; a machine that loses power may
        # lose the lab's cluster, which `clean` and a new start bring back empty.
        "--unsafe-no-fsync",
        # The API server cannot ask this old etcd how far a quiet watch has come; without frequent notes
        # every new watch of a resource that seldom changes waits in vain and fails. (At 250 ms they cost
        # a tenth of a processor.)
        "--experimental-watch-progress-notify-interval=1s",
    ]


def _api_server(folder: NodeFolder) -> list[str]:
    pki = folder.pki
    return [
        f"--etcd-servers={_ETCD_URL}",
        f"--bind-address={NODE_ADDRESS}",
        f"--advertise-address={NODE_ADDRESS}",
        f"--secure-port={API_PORT}",
        f"--service-cluster-ip-range={SERVICE_SUBNET}",
        "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction",
        "--allow-privileged=true",
        # A first list inside a watch needs a newer etcd: clients that cannot list instead would see nothing.
        "--feature-gates=WatchList=false",
        f"--client-ca-file={pki}/ca.crt",
        f"--tls-cert-file={pki}/apiserver.crt",
        f"--tls-private-key-file={pki}/apiserver.key",
        f"--kubelet-client-certificate={pki}/apiserver-kubelet-client.crt",
        f"--kubelet-client-key={pki}/apiserver-kubelet-client.key",
        # The node's name is in no DNS that the API server asks; logs and exec go by address.
        "--kubelet-preferred-address-types=InternalIP",
        f"--service-account-issuer=https://kubernetes.default.svc.{CLUSTER_DOMAIN}",
        f"--service-account-key-file={pki}/sa.pub",
        f"--service-account-signing-key-file={pki}/sa.key",
        # Lets Pods serve further APIs, such as metrics-server's.
        f"--requestheader-client-ca-file={pki}/front-proxy-ca.crt",
        "--requestheader-allowed-names=front-proxy-client",
        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
        "--requestheader-group-headers=X-Remote-Group",
        "--requestheader-username-headers=X-Remote-User",
        f"--proxy-client-cert-file={pki}/front-proxy-client.crt",
        f"--proxy-client-key-file={pki}/front-proxy-client.key",
    ]


def _controller_manager(folder: NodeFolder) -> list[str]:
    return [
        f"--kubeconfig={folder.kubeconfig('controller-manager')}",
        f"--service-account-private-key-file={folder.pki}/sa.key",
        f"--root-ca-file={folder.pki}/ca.crt",
        "--use-service-account-credentials",
        f"--cluster-cidr={POD_SUBNET}",
        "--bind-address=127.0.0.1",
        "--leader-elect=false",
    ]


def _scheduler(folder: NodeFolder) -> list[str]:
    return [
        f"--kubeconfig={folder.kubeconfig('scheduler')}",
        "--bind-address=127.0.0.1",
        "--leader-elect=false",
    ]


def _kubelet(folder: NodeFolder) -> list[str]:
    return [
        f"--config={folder.configs}/kubelet.yaml",
        f"--kubeconfig={folder.kubeconfig('kubelet')}",
        f"--root-dir={KUBELET_ROOT}",
        f"--cert-dir={KUBELET_ROOT}/pki",
        f"--hostname-override={NODE_NAME}",
        f"--node-ip={NODE_ADDRESS}",
    ]


def _kwok(folder: NodeFolder, binaries: SimulatedBinaries) -> list[str]:
    # The build lays them beside the program.
    stages = sorted(path for path in binaries.kwok.parent.glob("*.yaml") if path.name.startswith(_STAGES))
    return [
        str(binaries.kwok),
        f"--kubeconfig={folder.kubeconfig('super-admin')}",
        *(f"--config={stage}" for stage in stages),
        "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
        f"--node-ip={NODE_ADDRESS}",
        # The heartbeats of those files are ten minutes apart: leases keep a node alive.
        f"--node-lease-duration-seconds={_LEASE_SECONDS}",
        f"--cidr={POD_SUBNET}",
    ]
