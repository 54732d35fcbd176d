"""The daemons of a node: their commands, and the condition under which each may start."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import yaml

from lab.node.api import answers
from lab.node.binaries import Binaries, SimulatedBinaries
from lab.node.layout import API_URL, ETCD_URL, NodeFolder
from lab.node.templates import render

# Prefixes of the files that define kwok's stages, which are the lives of Nodes and Pods.
_STAGES = ("node-", "pod-")


def _at_once() -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Daemon:
    """One program that runs as long as the node; `gate` returns whether it may be started yet."""

    name: str
    command: list[str]
    gate: Callable[[], bool] = _at_once


def daemons_of(folder: NodeFolder, binaries: Binaries | SimulatedBinaries) -> list[Daemon]:
    """Return a node's daemons in the order of their start.

    Real and simulated nodes have the same control plane. The commands are in `templates/daemons/`.
    """
    own = "simulated" if binaries.simulated else "real"
    commands: dict[str, list[str]] = {}
    for file in ("control-plane", own):
        commands |= _commands(file, folder, binaries)
    if isinstance(binaries, Binaries) and binaries.cert_manager:
        commands |= _commands("issuer", folder, binaries)
    if isinstance(binaries, SimulatedBinaries):
        # The build puts the files beside the program.
        stages = sorted(path for path in binaries.kwok.parent.glob("*.yaml") if path.name.startswith(_STAGES))
        commands["kwok"] += [f"--config={stage}" for stage in stages]
    api_ready = partial(answers, f"{API_URL}/readyz", ca=f"{folder.pki}/ca.crt")
    # The others give up, or wait needlessly long, when the API server is not there.
    gates: dict[str, Callable[[], bool]] = {
        **dict.fromkeys(("etcd", "containerd", "moto"), _at_once),
        "kube-apiserver": partial(answers, f"{ETCD_URL}/health"),
    }
    return [Daemon(name=name, command=line, gate=gates.get(name, api_ready)) for name, line in commands.items()]


def _commands(file: str, folder: NodeFolder, binaries: Binaries | SimulatedBinaries) -> dict[str, list[str]]:
    text = render(f"daemons/{file}.yaml", folder, python=sys.executable, **vars(binaries))
    commands: dict[str, list[str]] = yaml.safe_load(text)
    return commands
