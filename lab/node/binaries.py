"""Which programs a node runs, and where they are on this machine."""

import dataclasses
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

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
# The simulated nodes run no container.
SIMULATED_PACKAGES = ("etcd-server", "iproute2")
# A user's PATH often lacks the sbin folders, where runc and iptables are.
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Debian's folder first, then the one of containerd's own releases.
_CNI_FOLDERS = (Path("/usr/lib/cni"), Path("/opt/cni/bin"))

_RUN_BY_PATH = ("etcd", "containerd", "ctr", "runc", "busybox")
_NAMESPACES = ("ip", "mount", "nsenter", "unshare")
# iptables and conntrack are run by kube-proxy and the CNI plugins, the rest by the lab itself.
_RUN_BY_NAME = ("iptables", "conntrack", *_NAMESPACES)


@dataclass(frozen=True, kw_only=True)
class Programs:
    """Absolute paths of what every node runs: `kube` is built by the lab, `etcd` is the system's."""

    simulated: ClassVar[bool]
    kube: Path
    etcd: Path

    def save(self, file: Path) -> None:
        """Write the paths for the supervisor, and for whoever ends the node later."""
        file.write_text(
            json.dumps({k: str(v) for k, v in dataclasses.asdict(self).items()}, indent=1), encoding="utf-8"
        )

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read what `save` wrote."""
        return cls(**_read(file))


@dataclass(frozen=True, kw_only=True)
class Binaries(Programs):
    """What a node that runs Pods needs more: `coredns` is built by the lab, the rest are the system's."""

    simulated = False
    coredns: Path
    containerd: Path
    ctr: Path
    runc: Path
    busybox: Path
    cni_plugins: Path

    @classmethod
    def find(cls, *, kube: Path, coredns: Path) -> Self:
        """Find the system's programs; LabError names all that are missing."""
        found = _found(*_RUN_BY_NAME, *_RUN_BY_PATH)
        plugins = next((folder for folder in _CNI_FOLDERS if (folder / "bridge").exists()), None)
        missing = [name for name, path in found.items() if not path]
        missing += [] if plugins else ["CNI plugins"]
        missing += [str(path) for path in (kube, coredns) if not path.is_file()]
        if missing or not plugins:
            raise _missing(missing, DEBIAN_PACKAGES)
        paths = {name: Path(found[name] or "") for name in _RUN_BY_PATH}
        return cls(kube=kube.absolute(), coredns=coredns.absolute(), cni_plugins=plugins, **paths)


@dataclass(frozen=True, kw_only=True)
class SimulatedBinaries(Programs):
    """What simulated nodes need more: `kwok`, built by the lab, which says what became of their Pods."""

    simulated = True
    kwok: Path

    @classmethod
    def find(cls, *, kube: Path, kwok: Path) -> Self:
        """Find the system's programs; LabError names all that are missing."""
        found = _found("etcd", *_NAMESPACES)
        missing = [name for name, path in found.items() if not path]
        missing += [str(path) for path in (kube, kwok) if not path.is_file()]
        if missing:
            raise _missing(missing, SIMULATED_PACKAGES)
        return cls(kube=kube.absolute(), kwok=kwok.absolute(), etcd=Path(found["etcd"] or ""))


def load(file: Path) -> Binaries | SimulatedBinaries:
    """Read what `save` wrote: which programs a folder's node runs is what says of which kind it is."""
    paths = _read(file)
    return SimulatedBinaries(**paths) if "kwok" in paths else Binaries(**paths)


def _read(file: Path) -> dict[str, Path]:
    return {name: Path(path) for name, path in json.loads(file.read_text(encoding="utf-8")).items()}


def _found(*names: str) -> dict[str, str | None]:
    return {name: shutil.which(name, path=SYSTEM_PATH) for name in names}


def _missing(names: list[str], packages: tuple[str, ...]) -> LabError:
    return LabError(
        f"The node needs programs that are not here: {', '.join(names)}.",
        f"Run `apt-get install {' '.join(packages)}` and `make tools`.",
    )
