"""Configuration files of the node's daemons, as documents; `write_all` puts them into its folder."""

import json
from typing import Any

import yaml

from lab.node.binaries import Binaries
from lab.node.layout import (
    API_PORT,
    CGROUP,
    CLUSTER_DOMAIN,
    CONTAINERD_SOCKET,
    DNS_ADDRESS,
    KUBELET_ROOT,
    KUBERNETES_VERSION,
    NODE_ADDRESS,
    NODE_NAME,
    PAUSE_IMAGE,
    POD_SUBNET,
    SERVICE_SUBNET,
    NodeFolder,
)

# Ten years: a lab that was not used for a year must still start.
_VALIDITY = "87600h0m0s"
# The Pod subnet has 254 addresses and the machine may have two processors.
_MAX_PODS = 60


def write_all(folder: NodeFolder, binaries: Binaries) -> None:
    """Write every daemon's configuration."""
    cni = folder.configs / "cni"
    cni.mkdir(parents=True, exist_ok=True)
    (cni / "10-fawkes-lab.conflist").write_text(json.dumps(cni_network(), indent=1), encoding="utf-8")
    (folder.configs / "containerd.toml").write_text(containerd(folder, binaries), encoding="utf-8")
    (folder.configs / "kubelet.yaml").write_text(yaml.safe_dump(kubelet(folder)), encoding="utf-8")
    (folder.configs / "kube-proxy.yaml").write_text(yaml.safe_dump(kube_proxy(folder)), encoding="utf-8")


def kubeadm(pki: str) -> str:
    """Return the configuration from which kubeadm makes certificates (into `pki`) and kubeconfigs."""
    init = {
        "apiVersion": "kubeadm.k8s.io/v1beta4",
        "kind": "InitConfiguration",
        "localAPIEndpoint": {"advertiseAddress": str(NODE_ADDRESS), "bindPort": API_PORT},
        "nodeRegistration": {"name": NODE_NAME, "criSocket": f"unix://{CONTAINERD_SOCKET}"},
    }
    cluster = {
        "apiVersion": "kubeadm.k8s.io/v1beta4",
        "kind": "ClusterConfiguration",
        "clusterName": NODE_NAME,
        # Without a version kubeadm asks the internet for the newest.
        "kubernetesVersion": KUBERNETES_VERSION,
        "certificatesDir": pki,
        "certificateValidityPeriod": _VALIDITY,
        "caCertificateValidityPeriod": _VALIDITY,
        "networking": {"serviceSubnet": str(SERVICE_SUBNET), "dnsDomain": CLUSTER_DOMAIN},
    }
    return yaml.safe_dump_all([init, cluster])


def containerd(folder: NodeFolder, binaries: Binaries) -> str:
    """Return containerd's configuration (format 2, which every release from 1.3 reads)."""
    data = folder.data / "containerd"
    return f"""\
version = 2
root = "{data}"
state = "/run/containerd"

[grpc]
  address = "{CONTAINERD_SOCKET}"

[plugins."io.containerd.internal.v1.opt"]
  path = "{data}/opt"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{PAUSE_IMAGE}"
  # Without CAP_SYS_RESOURCE, as in many containers and virtual machines, runc dies on a lower score.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      BinaryName = "{binaries.runc}"
      SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{binaries.cni_plugins}"
    conf_dir = "{folder.configs}/cni"
"""


def cni_network() -> dict[str, Any]:
    """Return the Pod network: one bridge, addresses leased from memory because Pods end with the node."""
    ipam = {
        "type": "host-local",
        "dataDir": "/run/cni-leases",
        "ranges": [[{"subnet": str(POD_SUBNET)}]],
        "routes": [{"dst": "0.0.0.0/0"}],
    }
    bridge = {
        "type": "bridge",
        "bridge": "cni0",
        "isGateway": True,
        "ipMasq": True,
        "hairpinMode": True,
        "ipam": ipam,
    }
    return {"cniVersion": "0.4.0", "name": "fawkes-lab", "plugins": [bridge]}


def kubelet(folder: NodeFolder) -> dict[str, Any]:
    """Return the kubelet's configuration."""
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": f"{folder.pki}/ca.crt"},
        },
        "authorization": {"mode": "Webhook"},
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": f"/{CGROUP}",
        # The lab also runs where only the older control groups exist.
        "failCgroupV1": False,
        "failSwapOn": False,
        "containerRuntimeEndpoint": f"unix://{CONTAINERD_SOCKET}",
        "clusterDNS": [str(DNS_ADDRESS)],
        "clusterDomain": CLUSTER_DOMAIN,
        # The machine's resolvers cannot be reached from Pods.
        "resolvConf": "",
        "podLogsDir": f"{folder.data}/pod-logs",
        "volumePluginDir": f"{KUBELET_ROOT}/volume-plugins",
        "maxPods": _MAX_PODS,
        "serializeImagePulls": False,
        # Images are imported, never pulled: one that was collected could not come back.
        "imageGCHighThresholdPercent": 100,
        # Absolute, because 10 % of a developer's large disk is often all that is free.
        "evictionHard": {
            "memory.available": "100Mi",
            "nodefs.available": "500Mi",
            "imagefs.available": "500Mi",
        },
    }


def kube_proxy(folder: NodeFolder) -> dict[str, Any]:
    """Return kube-proxy's configuration."""
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": "iptables",
        "clientConnection": {"kubeconfig": str(folder.kubeconfig("kube-proxy"))},
        "clusterCIDR": str(POD_SUBNET),
        "hostnameOverride": NODE_NAME,
        # These sizes belong to the whole machine, which is not ours to tune.
        "conntrack": {"maxPerCore": 0, "min": 0},
    }
