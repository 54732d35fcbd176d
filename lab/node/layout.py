"""The node's fixed addresses and names, and where its folder keeps what."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

from lab.toolchain.catalogue import TOOLS

NODE_NAME = "fawkes-lab"
CLUSTER_DOMAIN = "cluster.local"
KUBERNETES_VERSION = f"v{TOOLS['kube'].version}"

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
# Where the simulated nodes have a moto server in the place of Amazon Web Services.
AWS_PORT = 5000
AWS_URL = f"http://{NODE_ADDRESS}:{AWS_PORT}"

# Inside the node /run is memory of its own, so these never appear on the machine.
CONTAINERD_SOCKET = Path("/run/containerd/containerd.sock")
KUBELET_ROOT = Path("/run/kubelet")
# Every process of the node and its Pods is in this control group or below it.
CGROUP = "fawkes-lab"
DAEMONS_CGROUP = f"{CGROUP}/daemons"
PODS_CGROUP = f"{CGROUP}/kubepods"

STORAGE_CLASS = "fawkes-lab"
PROVISIONER = "lab.fawkes.io/local-folder"

# Made here from local binaries, so they carry no published image's name.
PAUSE_IMAGE = "localhost/fawkes-lab/pause:1"
COREDNS_IMAGE = "localhost/fawkes-lab/coredns:1"
PAUSE_COMMAND = ("/bin/busybox", "sleep", "2147483647")


@dataclass(frozen=True)
class NodeFolder:
    """The folder of one node; everything in it survives a stop, and `Node.clean` deletes it."""

    root: Path

    @property
    def credentials(self) -> Path:
        """Certificates and kubeconfigs; appears complete or not at all."""
        return self.root / "credentials"

    @property
    def pki(self) -> Path:
        """The cluster's authorities, certificates and keys."""
        return self.credentials / "pki"

    @property
    def configs(self) -> Path:
        """Rendered configuration of the daemons."""
        return self.root / "config"

    @property
    def logs(self) -> Path:
        """One log file a daemon."""
        return self.root / "logs"

    @property
    def data(self) -> Path:
        """One folder a daemon: etcd's data, containerd's content, kubelet's Pods."""
        return self.root / "data"

    @property
    def images(self) -> Path:
        """Archives of the images that the node itself needs."""
        return self.root / "images"

    @property
    def volumes(self) -> Path:
        """One folder a persistent volume."""
        return self.root / "volumes"

    @property
    def status(self) -> Path:
        """What the supervisor last said of its daemons."""
        return self.root / "status.json"

    @property
    def binaries(self) -> Path:
        """Which programs the supervisor shall run."""
        return self.root / "binaries.json"

    def kubeconfig(self, user: str) -> Path:
        """Return the kubeconfig of a user such as `super-admin` or `kubelet`."""
        return self.credentials / "kubeconfig" / f"{user}.conf"

    def log(self, daemon: str) -> Path:
        """Return the log file of a daemon."""
        return self.logs / f"{daemon}.log"
