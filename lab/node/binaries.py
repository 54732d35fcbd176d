"""Which programs a node runs, and where they are on this machine."""

import dataclasses
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from lab.errors import LabError

# `iproute2` is on every Debian server image but not in every container.
DEBIAN_PACKAGES = (
    "busybox-static",
    "conntrack",
    "containerd",
    "containernetworking-plugins",
    "etcd-server",
    "iproute2",
    "iptables",
    "runc",
)
# A user's PATH often lacks the sbin folders, where runc and iptables are.
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Debian's folder first, then the one of containerd's own releases.
_CNI_FOLDERS = (Path("/usr/lib/cni"), Path("/opt/cni/bin"))

_RUN_BY_PATH = ("etcd", "containerd", "ctr", "runc", "busybox")
# iptables and conntrack are run by kube-proxy and the CNI plugins, the rest by the lab itself.
_RUN_BY_NAME = ("iptables", "conntrack", "ip", "mount", "nsenter", "unshare")


@dataclass(frozen=True, kw_only=True)
class Binaries:
    """Absolute paths: `kube` and `coredns` are built by the lab, the rest are the system's."""

    kube: Path
    coredns: Path
    etcd: Path
    containerd: Path
    ctr: Path
    runc: Path
    busybox: Path
    cni_plugins: Path

    @classmethod
    def find(cls, *, kube: Path, coredns: Path) -> Self:
        """Find the system's programs; LabError names all that are missing."""
        found = {name: shutil.which(name, path=SYSTEM_PATH) for name in (*_RUN_BY_NAME, *_RUN_BY_PATH)}
        plugins = next((folder for folder in _CNI_FOLDERS if (folder / "bridge").exists()), None)
        missing = [name for name, path in found.items() if not path]
        missing += [] if plugins else ["CNI plugins"]
        missing += [str(path) for path in (kube, coredns) if not path.is_file()]
        if missing or not plugins:
            raise LabError(
                f"The node needs programs that are not here: {', '.join(missing)}.",
                f"Run `apt-get install {' '.join(DEBIAN_PACKAGES)}` and `make tools`.",
            )
        paths = {name: Path(found[name] or "") for name in _RUN_BY_PATH}
        return cls(kube=kube.absolute(), coredns=coredns.absolute(), cni_plugins=plugins, **paths)

    def save(self, file: Path) -> None:
        """Write the paths for the supervisor."""
        file.write_text(json.dumps({k: str(v) for k, v in dataclasses.asdict(self).items()}, indent=1))

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read what `save` wrote."""
        return cls(**{name: Path(path) for name, path in json.loads(file.read_text()).items()})
