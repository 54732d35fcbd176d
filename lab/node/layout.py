"""The node's fixed addresses and names, and the paths in its folder.

Templates may use each constant in capitals by its name.
"""

from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

from lab.toolchain import catalogue

NODE_NAME = "fawkes-lab"
CLUSTER_DOMAIN = "cluster.local"
KUBERNETES_VERSION = f"v{catalogue.TOOLS['kube'].version}"

# One veth pair joins the machine (first address) and the node (second one).
LINK_SUBNET = IPv4Network("172.30.0.0/30")
MACHINE_ADDRESS = IPv4Address("172.30.0.1")
NODE_ADDRESS = IPv4Address("172.30.0.2")
HOST_LINK = "fawkes0"
NODE_LINK = "eth0"
POD_SUBNET = IPv4Network("10.244.0.0/24")
SERVICE_SUBNET = IPv4Network("10.96.0.0/16")
DNS_ADDRESS = IPv4Address("10.96.0.10")
API_PORT = 6443
API_URL = f"https://{NODE_ADDRESS}:{API_PORT}"
# moto, which takes the place of Amazon Web Services beside simulated nodes.
AWS_PORT = 5000
AWS_URL = f"http://{NODE_ADDRESS}:{AWS_PORT}"

# The node's Prometheus and Alertmanager, behind the Services that the platform has for its own.
MONITORING_NAMESPACE = "monitoring"
PROMETHEUS_URL = f"http://{NODE_ADDRESS}:9090"
ALERTMANAGER_ADDRESS = f"{NODE_ADDRESS}:9093"

ETCD_URL = "http://127.0.0.1:2379"
ETCD_PEER_URL = "http://127.0.0.1:2380"

# The node's /run is a tmpfs of its own, so these never appear on the machine.
CONTAINERD_SOCKET = Path("/run/containerd/containerd.sock")
KUBELET_ROOT = Path("/run/kubelet")
# Every process of the node and its Pods is in this control group or below it.
CGROUP = "fawkes-lab"
DAEMONS_CGROUP = f"{CGROUP}/daemons"
PODS_CGROUP = f"{CGROUP}/kubepods"

STORAGE_CLASS = "fawkes-lab"
PROVISIONER = "lab.fawkes.io/local-folder"
# The name of the issuer that the committed stacks expect of a cluster.
CERTIFICATE_ISSUER = "fawkes-tracing"

# Built from local binaries, so they carry no published image's name.
PAUSE_IMAGE = "localhost/fawkes-lab/pause:1"
COREDNS_IMAGE = "localhost/fawkes-lab/coredns:1"
PAUSE_COMMAND = ("/bin/busybox", "sleep", "2147483647")


class NodeFolder:
    """The folder of one node; everything in it survives a stop, and `Node.clean` deletes it.

    Templates may use each of these paths by its name.
    """

    def __init__(self, root: Path) -> None:
        """Name the paths below `root`; nothing is read or written."""
        self.root = root
        self.credentials = root / "credentials"  # appears complete or not at all
        self.pki = self.credentials / "pki"  # the cluster's certificate authorities, certificates and private keys
        self.kubeconfigs = self.credentials / "kubeconfig"  # one a user
        self.configs = root / "config"  # rendered configuration of the daemons
        self.prometheus = self.configs / "prometheus"  # its configuration and rules, which follow the stack
        self.targets = self.prometheus / "targets.json"  # what it can scrape, by file discovery
        self.logs = root / "logs"  # one file a daemon
        self.data = root / "data"  # one folder a daemon: etcd's data, containerd's content, the kubelet's Pods
        self.images = root / "images"  # archives of the images that the node itself needs
        self.volumes = root / "volumes"  # one folder a persistent volume
        self.status = root / "status.json"  # the daemons' states, written by the supervisor
        self.binaries = root / "binaries.json"  # the programs that the supervisor runs

    def kubeconfig(self, user: str) -> Path:
        """Return the kubeconfig of a user such as `super-admin` or `kubelet`."""
        return self.kubeconfigs / f"{user}.conf"

    def log(self, daemon: str) -> Path:
        """Return the log file of a daemon."""
        return self.logs / f"{daemon}.log"
