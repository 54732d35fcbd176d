import json
import tomllib
from dataclasses import replace
from pathlib import Path

import yaml

from lab.node import daemons, templates
from lab.node.binaries import Binaries, SimulatedBinaries
from lab.node.layout import NodeFolder

FOLDER = NodeFolder(Path("/srv/lab/node"))
BINARIES = Binaries(
    kube=Path("/opt/kube"),
    coredns=Path("/opt/coredns"),
    etcd=Path("/usr/bin/etcd"),
    containerd=Path("/usr/bin/containerd"),
    ctr=Path("/usr/bin/ctr"),
    runc=Path("/usr/sbin/runc"),
    busybox=Path("/bin/busybox"),
    cni_plugins=Path("/usr/lib/cni"),
    prometheus=Path("/usr/bin/prometheus"),
    alertmanager=Path("/usr/bin/prometheus-alertmanager"),
)
WITH_ISSUER = replace(BINARIES, cert_manager=Path("/opt/cert-manager"))
SIMULATED = SimulatedBinaries(kube=Path("/opt/kube"), kwok=Path("/opt/kwok"), etcd=Path("/usr/bin/etcd"))


def test_all_configuration_files_are_written_and_can_be_read(tmp_path: Path) -> None:
    """A daemon exits on a file that its format does not allow, whatever the name of the node's folder."""
    folder = NodeFolder(tmp_path / "a \"b\" #c: 'd'")
    templates.write_configs(folder, BINARIES)
    written = {path.name: path.read_text(encoding="utf-8") for path in folder.configs.rglob("*") if path.is_file()}
    kubernetes = {"10-fawkes-lab.conflist", "containerd.toml", "kubelet.yaml", "kube-proxy.yaml"}
    assert set(written) == kubernetes | {"alertmanager.yml", "prometheus.yml"}
    kubelet = yaml.safe_load(written["kubelet.yaml"])
    assert kubelet["authentication"]["x509"] == {"clientCAFile": f"{folder.pki}/ca.crt"}
    proxy = yaml.safe_load(written["kube-proxy.yaml"])
    assert proxy["clientConnection"] == {"kubeconfig": str(folder.kubeconfig("kube-proxy"))}
    network = json.loads(written["10-fawkes-lab.conflist"])
    assert network["plugins"][0]["ipam"]["ranges"] == [[{"subnet": "10.244.0.0/24"}]]
    containerd = tomllib.loads(written["containerd.toml"])
    cri = containerd["plugins"]["io.containerd.grpc.v1.cri"]
    assert containerd["root"] == f"{folder.data}/containerd"
    assert cri["restrict_oom_score_adj"] is True
    assert cri["cni"] == {"bin_dir": "/usr/lib/cni", "conf_dir": f"{folder.configs}/cni"}
    assert cri["containerd"]["runtimes"]["runc"]["options"]["BinaryName"] == "/usr/sbin/runc"


def test_a_node_that_starts_again_keeps_the_scrape_jobs_of_the_deployed_stack(tmp_path: Path) -> None:
    """Only a deployment writes them, and a restart is none: Prometheus would watch nothing, and say so nowhere."""
    folder = NodeFolder(tmp_path)
    templates.write_configs(folder, BINARIES)
    for file in ("prometheus/prometheus.yml", "kubelet.yaml"):
        (folder.configs / file).write_text("written since", encoding="utf-8")
    templates.write_configs(folder, BINARIES)
    assert (folder.configs / "prometheus/prometheus.yml").read_text(encoding="utf-8") == "written since"
    assert (folder.configs / "kubelet.yaml").read_text(encoding="utf-8") != "written since"


def test_kubeadm_is_told_the_version_so_that_it_does_not_ask_the_internet() -> None:
    """The request takes ten seconds, and fails on a machine without internet access."""
    _, cluster = templates.manifests("kubeadm.yaml", FOLDER, certificates="/srv/pki")
    assert cluster["kubernetesVersion"] == "v1.35.4"
    assert cluster["certificatesDir"] == "/srv/pki"


def test_only_etcd_and_containerd_start_before_anything_answers() -> None:
    """The others give up, or wait needlessly long, when their server does not answer."""
    gated = [d.name for d in daemons.daemons_of(FOLDER, BINARIES) if d.gate is not daemons._at_once]
    assert gated == [
        "kube-apiserver",
        "kube-controller-manager",
        "kube-scheduler",
        "volumes",
        "kubelet",
        "kube-proxy",
        "prometheus",
        "discovery",
        "alertmanager",
    ]


def test_simulated_nodes_have_the_same_control_plane_and_nothing_that_runs_a_container() -> None:
    """Admission, scheduling and provisioning must be real, or a deployment to them proves nothing."""
    real = {d.name: d.command for d in daemons.daemons_of(FOLDER, BINARIES)}
    simulated = {d.name: d.command for d in daemons.daemons_of(FOLDER, SIMULATED)}
    assert set(real) - set(simulated) == {
        *("containerd", "kubelet", "kube-proxy"),
        *("prometheus", "discovery", "alertmanager"),
    }
    assert set(simulated) - set(real) == {"kwok", "moto"}
    assert all(simulated[name] == real[name] for name in set(real) & set(simulated))


def test_only_a_node_with_an_issuer_runs_cert_manager_once_the_api_answers() -> None:
    """A plaintext stack pays nothing for it."""
    without = {d.name for d in daemons.daemons_of(FOLDER, BINARIES)}
    (added,) = (d for d in daemons.daemons_of(FOLDER, WITH_ISSUER) if d.name not in without)
    assert added.command == ["/opt/cert-manager", "/srv/lab/node/credentials/kubeconfig/super-admin.conf"]
    assert added.gate is not daemons._at_once


def test_the_labs_issuer_signs_with_an_authority_that_cert_manager_makes() -> None:
    """The issuer has the name that the committed stacks expect, and its key is where cert-manager looks for it."""
    root, authority, issuer = templates.manifests("issuer.yaml", FOLDER)
    assert issuer["metadata"] == {"name": "fawkes-tracing"}
    assert issuer["spec"]["ca"]["secretName"] == authority["spec"]["secretName"]
    assert authority["metadata"]["namespace"] == "kube-system"
    assert authority["spec"]["issuerRef"] == {"kind": "ClusterIssuer", "name": root["metadata"]["name"]}


def test_kwok_is_given_the_lives_of_nodes_and_pods_that_lie_beside_it(tmp_path: Path) -> None:
    """It exits at once when it has none; the resource definitions beside them are not stages."""
    for name in ("pod-ready.yaml", "node-initialize.yaml", "monitoring.coreos.com_servicemonitors.yaml"):
        (tmp_path / name).touch()
    binaries = SimulatedBinaries(kube=Path("/opt/kube"), kwok=tmp_path / "kwok", etcd=Path("/usr/bin/etcd"))
    kwok = next(d for d in daemons.daemons_of(FOLDER, binaries) if d.name == "kwok")
    given = [Path(flag.removeprefix("--config=")).name for flag in kwok.command if flag.startswith("--config=")]
    assert given == ["node-initialize.yaml", "pod-ready.yaml"]
    assert "--kubeconfig=/srv/lab/node/credentials/kubeconfig/super-admin.conf" in kwok.command
