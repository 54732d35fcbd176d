"""Import image archives into the node's containerd."""

import subprocess
from pathlib import Path

from lab.errors import LabError
from lab.node.binaries import Binaries
from lab.node.layout import CONTAINERD_SOCKET
from lab.toolchain import images

# containerd's namespace for the images that the kubelet sees.
_KUBERNETES_NAMESPACE = "k8s.io"
# A 200 MB archive takes seconds; a disk that needs minutes is stuck.
_CTR_SECONDS = 300


def answers(pid: int, binaries: Binaries) -> bool:
    """Return whether containerd answers; `pid` is a process in the node's namespaces."""
    return _ctr(pid, binaries, "version").returncode == 0


def load(pid: int, binaries: Binaries, archive: Path) -> None:
    """Import an archive made by `lab.toolchain.images.build`, unless the node has an image of its digest."""
    ref, digest = images.describe(archive)
    wanted = f"name=={ref},target.digest=={digest}"
    done = _ctr(pid, binaries, "images", "list", "--quiet", wanted)
    if not done.returncode and not done.stdout.strip():
        done = _ctr(pid, binaries, "images", "import", str(archive))
    if done.returncode:
        raise LabError(
            f"containerd refused the image {archive}: {done.stderr.strip()}.",
            f"Delete the archive and run this again: rm {archive}",
        )


def _ctr(pid: int, binaries: Binaries, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run containerd's client in the node's mount namespace, which has its socket."""
    inside = ["nsenter", f"--target={pid}", "--mount", "--"]
    client = [str(binaries.ctr), f"--address={CONTAINERD_SOCKET}", f"--namespace={_KUBERNETES_NAMESPACE}"]
    return subprocess.run(
        [*inside, *client, *arguments], capture_output=True, text=True, timeout=_CTR_SECONDS, check=False
    )
