"""The programs that a node runs, and their paths on this machine."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

from lab.errors import LabError

# A user's PATH often lacks the sbin folders, where runc and iptables are.
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Debian's folder first, then the default of containerd's own releases.
_CNI_FOLDERS = (Path("/usr/lib/cni"), Path("/opt/cni/bin"))

_RUN_BY_PATH = ("etcd", "containerd", "ctr", "runc", "busybox")
# Programs by their names in Debian, and the fields that hold them.
_MONITORING = {"prometheus": "prometheus", "prometheus-alertmanager": "alertmanager"}
_NAMESPACES = ("ip", "mount", "nsenter", "unshare")
# kube-proxy and the CNI plugins run iptables and conntrack, the lab itself the rest.
_RUN_BY_NAME = ("iptables", "conntrack", *_NAMESPACES)


@dataclass(frozen=True, kw_only=True)
class Programs:
    """Absolute paths of the programs of every node: the lab builds `kube`, `etcd` is the system's.

    `debian_packages` contain the system's.
    """

    simulated: ClassVar[bool]
    # `iproute2` is on every Debian server image but not in every container.
    debian_packages: ClassVar[tuple[str, ...]] = ("etcd-server", "iproute2")
    kube: Path
    etcd: Path

    def save(self, file: Path) -> None:
        """Write the paths for the supervisor, and for the command that ends the node later."""
        paths = {name: path for name, path in vars(self).items() if path}
        file.write_text(json.dumps(paths, indent=1, default=str), encoding="utf-8")


@dataclass(frozen=True, kw_only=True)
class Binaries(Programs):
    """The programs of a node that runs Pods: the lab builds `coredns` and `cert_manager`, Debian has the others.

    Without `cert_manager` nothing issues certificates.
    """

    simulated = False
    debian_packages = (
        *Programs.debian_packages,
        "busybox-static",
        "conntrack",
        "containerd",
        "containernetworking-plugins",
        "iptables",
        "prometheus",
        "prometheus-alertmanager",
        "runc",
    )
    coredns: Path
    containerd: Path
    ctr: Path
    runc: Path
    busybox: Path
    cni_plugins: Path
    prometheus: Path
    alertmanager: Path
    cert_manager: Path | None = None

    @classmethod
    def find(cls, *, kube: Path, coredns: Path, cert_manager: Path | None = None) -> Self:
        """Find the system's programs; LabError names all that are missing."""
        plugins = next((folder for folder in _CNI_FOLDERS if (folder / "bridge").exists()), None)
        built = _built(kube, coredns, *filter(None, [cert_manager]))
        wanted = {**_on_path(*_RUN_BY_NAME, *_RUN_BY_PATH, *_MONITORING), "CNI plugins": plugins, **built}
        found = _complete(wanted, cls.debian_packages)
        return cls(
            kube=kube.absolute(),
            coredns=coredns.absolute(),
            cert_manager=cert_manager and cert_manager.absolute(),
            cni_plugins=found["CNI plugins"],
            **{field: found[name] for name, field in _MONITORING.items()},
            **{name: found[name] for name in _RUN_BY_PATH},
        )


@dataclass(frozen=True, kw_only=True)
class SimulatedBinaries(Programs):
    """The programs of simulated nodes: the lab builds `kwok`, which reports the states of their Pods."""

    simulated = True
    kwok: Path

    @classmethod
    def find(cls, *, kube: Path, kwok: Path) -> Self:
        """Find the system's programs; LabError names all that are missing."""
        found = _complete({**_on_path("etcd", *_NAMESPACES), **_built(kube, kwok)}, cls.debian_packages)
        return cls(kube=kube.absolute(), kwok=kwok.absolute(), etcd=found["etcd"])


def load(file: Path) -> Binaries | SimulatedBinaries:
    """Read the paths that `save` wrote; the programs of a folder tell a real node from simulated ones."""
    paths = {name: Path(path) for name, path in json.loads(file.read_text(encoding="utf-8")).items()}
    return SimulatedBinaries(**paths) if "kwok" in paths else Binaries(**paths)


def _on_path(*names: str) -> dict[str, Path | None]:
    found = {name: shutil.which(name, path=SYSTEM_PATH) for name in names}
    return {name: Path(path) if path else None for name, path in found.items()}


def _built(*files: Path) -> dict[str, Path | None]:
    return {str(file): file if file.is_file() else None for file in files}


def _complete(programs: Mapping[str, Path | None], packages: tuple[str, ...]) -> dict[str, Path]:
    """Return the programs; LabError names all that are missing."""
    if missing := [name for name, path in programs.items() if path is None]:
        raise LabError(
            f"The node needs programs that are missing: {', '.join(missing)}.",
            f"Run `apt-get install {' '.join(packages)}` and `make tools`.",
        )
    return {name: path for name, path in programs.items() if path}
