"""Install the Debian packages that the node needs and lacks, without letting their services start."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from lab.errors import LabError
from lab.progress import Progress

# Package scripts run this file before they start a service; 101 means "not allowed". Without it, Debian would
# start an etcd and a containerd of its own on the node's ports.
_POLICY = Path("/usr/sbin/policy-rc.d")
_POLICY_TEXT = "#!/bin/sh\n# Written by the Fawkes lab for the length of one installation.\nexit 101\n"
# Unattended upgrades hold apt's lock for minutes on a new machine.
_LOCK_SECONDS = 300
# A slow mirror takes minutes; one that does not answer takes forever.
_APT_SECONDS = 900


def ensure_packages(names: Sequence[str], progress: Progress) -> None:
    """Install the missing packages of `names`; their services are not started.

    Raises LabError on a machine without apt, without root, or when apt fails.
    """
    if not (missing := _missing(names)):
        return
    needs = f"The node needs {', '.join(missing)}"
    fix = f"Run: sudo apt-get install --no-install-recommends {' '.join(missing)}"
    if shutil.which("apt-get") is None:
        raise LabError(
            f"{needs}, which the lab can install only on Debian and Ubuntu.",
            "Run this on Debian 12 or newer, or point the lab at a cluster you have.",
        )
    if os.geteuid() != 0:
        raise LabError(f"{needs}, and installing them needs root.", fix)
    with progress.step(f"install {' '.join(missing)}"), _no_service_starts():
        if _apt("install", *missing) is None:
            return
        # A new machine has no package lists, an old one stale ones.
        if (error := _apt("update") or _apt("install", *missing)) is not None:
            raise LabError(f"apt-get could not install {' '.join(missing)}: {error}.", fix)


def _missing(names: Sequence[str]) -> list[str]:
    query = ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *names]
    try:
        done = subprocess.run(query, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return list(names)
    installed = {line.split()[0] for line in done.stdout.splitlines() if line.endswith(" installed")}
    return [name for name in names if name not in installed]


def _apt(verb: str, *names: str) -> str | None:
    """Run apt-get; return None when it succeeded, else its last error line."""
    options = ["--yes", "--no-install-recommends", "-o", f"DPkg::Lock::Timeout={_LOCK_SECONDS}"]
    command = ["apt-get", verb, *options, *names]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env=environment, timeout=_APT_SECONDS
        )
    except subprocess.TimeoutExpired:
        return f"it took longer than {_APT_SECONDS} s"
    if done.returncode == 0:
        return None
    lines = done.stderr.splitlines() or ["it printed nothing"]
    return next((line for line in reversed(lines) if line.startswith("E:")), lines[-1])


@contextlib.contextmanager
def _no_service_starts() -> Iterator[None]:
    """Forbid service starts, unless this machine has a policy of its own, which then applies."""
    ours = not _POLICY.exists() or _POLICY.read_text(encoding="utf-8") == _POLICY_TEXT
    if ours:
        _POLICY.write_text(_POLICY_TEXT, encoding="utf-8")
        _POLICY.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            _POLICY.unlink(missing_ok=True)
