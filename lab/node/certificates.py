"""The cluster's certificates, private keys and kubeconfigs, which kubeadm makes once for each node folder."""

import base64
import shutil
import subprocess
from pathlib import Path

import yaml

from lab.errors import LabError
from lab.node.binaries import SYSTEM_PATH, Programs
from lab.node.layout import NodeFolder
from lab.node.templates import render

# `kubeadm init` makes no kubeconfig for it, because it would run it as a Pod.
_KUBE_PROXY = "kube-proxy"
# Signing a dozen 2048-bit keys takes seconds even on a busy machine.
_KUBEADM_SECONDS = 120


def ensure(folder: NodeFolder, programs: Programs) -> None:
    """Make the credentials unless they exist; all appear at once, so an interruption leaves none."""
    if folder.credentials.exists():
        return
    partial = folder.root / "credentials.partial"
    shutil.rmtree(partial, ignore_errors=True)
    kubeconfigs = partial / "kubeconfig"
    kubeconfigs.mkdir(parents=True, mode=0o700)
    config = partial / "kubeadm.yaml"
    config.write_text(render("kubeadm.yaml", folder, certificates=partial / "pki"), encoding="utf-8")
    _kubeadm(programs, "init", "phase", "certs", "all", f"--config={config}")
    destination = f"--kubeconfig-dir={kubeconfigs}"
    _kubeadm(programs, "init", "phase", "kubeconfig", "all", f"--config={config}", destination)
    proxy = _kubeadm(programs, "kubeconfig", "user", f"--client-name=system:{_KUBE_PROXY}", f"--config={config}")
    _write_secret(kubeconfigs / f"{_KUBE_PROXY}.conf", proxy)
    _unpack_administrator(kubeconfigs / "super-admin.conf", partial / "pki")
    partial.rename(folder.credentials)


def _unpack_administrator(kubeconfig: Path, pki: Path) -> None:
    """Write the administrator's certificate and private key to files, which HTTP clients require."""
    user = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))["users"][0]["user"]
    for suffix, key in (("crt", "client-certificate-data"), ("key", "client-key-data")):
        _write_secret(pki / f"administrator.{suffix}", base64.b64decode(user[key]).decode())


def _write_secret(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text, encoding="utf-8")


def _kubeadm(programs: Programs, *arguments: str) -> str:
    command = [str(programs.kube), "kubeadm", *arguments]
    environment = {"PATH": SYSTEM_PATH}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=_KUBEADM_SECONDS, check=False, env=environment
    )
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise LabError(
            f"kubeadm could not make the cluster's credentials: {' '.join(last) or done.returncode}.",
            f"Run it by hand to see all of its output: {' '.join(command)}",
        )
    return done.stdout
