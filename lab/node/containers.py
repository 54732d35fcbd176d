"""Bring image archives into the node's containerd."""

import subprocess
from pathlib import Path

from lab.errors import LabError
from lab.node.binaries import Binaries
from lab.node.layout import CONTAINERD_SOCKET
from lab.toolchain import images

# containerd's own word for what the kubelet sees.
_KUBERNETES_NAMESPACE = "k8s.io"
# A 200 MB archive takes seconds; a disk that needs minutes is stuck.
_CTR_SECONDS = 300


def answers(pid: int, binaries: Binaries) -> bool:
    """Say whether containerd takes requests; `pid` is a process in the node's namespaces."""
    return _ctr(pid, binaries, "version").returncode == 0


def load(pid: int, binaries: Binaries, archive: Path) -> None:
    """Import an archive made by `lab.toolchain.images.build`, unless that very image is already there."""
    image = images.describe(archive)
    wanted = f"name=={image.ref},target.digest=={image.digest}"
    if _checked(_ctr(pid, binaries, "images", "list", "--quiet", wanted), archive).strip():
        return
    _checked(_ctr(pid, binaries, "images", "import", str(archive)), archive)


def _checked(done: subprocess.CompletedProcess[str], archive: Path) -> str:
    if done.returncode:
        raise LabError(
            f"The node does not take the image {archive}: {done.stderr.strip()}.",
            f"Delete the archive and run this again: rm {archive}",
        )
    return done.stdout


def _ctr(pid: int, binaries: Binaries, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run containerd's client among the node's mounts, where its socket is."""
    inside = ["nsenter", f"--target={pid}", "--mount", "--"]
    client = [str(binaries.ctr), f"--address={CONTAINERD_SOCKET}", f"--namespace={_KUBERNETES_NAMESPACE}"]
    return subprocess.run(
        [*inside, *client, *arguments], capture_output=True, text=True, timeout=_CTR_SECONDS, check=False
    )
