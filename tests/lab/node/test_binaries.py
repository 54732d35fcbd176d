from pathlib import Path

import pytest

from lab.errors import LabError
from lab.node import binaries
from lab.node.binaries import Binaries, SimulatedBinaries, load


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine that has every program."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in (
        *binaries._RUN_BY_PATH,
        *binaries._RUN_BY_NAME,
        *binaries._MONITORING,
        "kube",
        "coredns",
        "cert-manager",
        "kwok",
        "bridge",
    ):
        (programs / name).touch(mode=0o755)
    monkeypatch.setattr(binaries, "SYSTEM_PATH", str(programs))
    monkeypatch.setattr(binaries, "_CNI_FOLDERS", (tmp_path / "none", programs))
    return programs


def test_the_systems_programs_are_found_and_survive_the_way_to_the_supervisor(machine: Path) -> None:
    """It runs with its own environment and reads them from a file."""
    found = Binaries.find(kube=machine / "kube", coredns=machine / "coredns")
    assert found.etcd == machine / "etcd"
    assert found.cni_plugins == machine
    found.save(machine / "file.json")
    assert load(machine / "file.json") == found


def test_a_node_with_an_issuer_remembers_its_program(machine: Path) -> None:
    """The supervisor starts it, and a later command sees whether it runs."""
    found = Binaries.find(
        kube=machine / "kube", coredns=machine / "coredns", cert_manager=machine / "cert-manager"
    )
    assert found.cert_manager == machine / "cert-manager"
    found.save(machine / "file.json")
    assert load(machine / "file.json") == found


def test_all_that_is_missing_is_named_at_once_with_the_packages(machine: Path) -> None:
    """One run of apt-get fixes all of it."""
    for name in ("runc", "conntrack", "bridge", "coredns", "prometheus-alertmanager"):
        (machine / name).unlink()
    with pytest.raises(LabError) as caught:
        Binaries.find(kube=machine / "kube", coredns=machine / "coredns")
    assert f"conntrack, runc, prometheus-alertmanager, CNI plugins, {machine}/coredns" in caught.value.what
    assert "containernetworking-plugins" in caught.value.fix


def test_the_programs_of_simulated_nodes_say_that_they_are_simulated(machine: Path) -> None:
    """A command that stops or inspects a folder's node has only this file."""
    found = SimulatedBinaries.find(kube=machine / "kube", kwok=machine / "kwok")
    found.save(machine / "file.json")
    assert load(machine / "file.json") == found
    assert load(machine / "file.json").simulated
    real = Binaries.find(kube=machine / "kube", coredns=machine / "coredns")
    real.save(machine / "file.json")
    assert load(machine / "file.json") == real
    assert not load(machine / "file.json").simulated


def test_simulated_nodes_ask_for_no_container_runtime(machine: Path) -> None:
    """They also run on machines that cannot run containers."""
    for name in ("runc", "containerd", "etcd", "bridge"):
        (machine / name).unlink()
    with pytest.raises(LabError) as caught:
        SimulatedBinaries.find(kube=machine / "kube", kwok=machine / "kwok")
    assert caught.value.what == "The node needs programs that are missing: etcd."
    assert "apt-get install etcd-server iproute2`" in caught.value.fix
