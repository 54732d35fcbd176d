import json
from pathlib import Path

import pytest

from lab.errors import LabError
from lab.node import Node, Record
from lab.node.binaries import Binaries, SimulatedBinaries
from lab.node.layout import NodeFolder
from lab.paths import state_dir
from lab.target.target import Target, current, node_folder, running_node, simulated_folder, users_cluster
from lab.toolchain import build
from settings.project import REPO
from tests.lab.conftest import ApiServer
from tests.lab.node.test_configs import BINARIES, SIMULATED

pytestmark = pytest.mark.usefixtures("own_folders")

# What an API server says of itself.
_VERSION_FIELDS = (
    "major",
    "minor",
    "gitVersion",
    "gitCommit",
    "gitTreeState",
    "buildDate",
    "goVersion",
    "compiler",
    "platform",
)


def test_without_a_named_cluster_there_is_none_even_if_kubectl_has_one(
    api_server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many shells have KUBECONFIG set to something that must not receive a lab."""
    monkeypatch.setenv("KUBECONFIG", str(api_server.kubeconfig))
    assert users_cluster() is None


def test_a_named_cluster_is_used_once_it_has_answered(
    api_server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong address should be told before anything is built for it."""
    api_server.answer = lambda *_: (200, json.dumps(dict.fromkeys(_VERSION_FIELDS, "1")).encode())
    monkeypatch.setenv("FAWKES_KUBECONFIG", str(api_server.kubeconfig))
    found = current()
    assert found.kubeconfig == api_server.kubeconfig
    assert found.node is None
    assert [path for _, path, _ in api_server.asked] == ["/version/"]


def test_two_clusters_have_a_state_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One state for both would delete in one cluster what was made in the other."""
    monkeypatch.setattr("lab.cluster.service.Cluster.answers", lambda _self: None)
    homes = set()
    for host in ("https://one.example:6443", "https://two.example:6443"):
        monkeypatch.setenv("FAWKES_KUBECONFIG", str(ApiServer(host, tmp_path).kubeconfig))
        found = users_cluster()
        assert found
        homes.add(found.engine_home)
    assert len(homes) == 2
    assert {home.parent for home in homes} == {state_dir()}


def test_a_kubeconfig_that_leads_elsewhere_than_when_it_was_agreed_to_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Builds take minutes, and `kubectl config use-context` in another window takes a second."""
    monkeypatch.setattr("lab.cluster.service.Cluster.answers", lambda _self: None)
    monkeypatch.setattr(build, "find", lambda name: tmp_path / name)
    monkeypatch.setenv("FAWKES_KUBECONFIG", str(ApiServer("https://kind.example", tmp_path).kubeconfig))
    agreed = users_cluster()
    assert agreed
    agreed.engine("dojo")
    assert ApiServer("https://prod.example", tmp_path).kubeconfig == agreed.kubeconfig
    with pytest.raises(
        LabError, match=r"points to https://prod\.example now; when this command began, to https://kind\.example"
    ):
        agreed.engine("dojo")


def test_a_named_file_that_is_not_there_is_an_error_and_not_the_labs_own_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever names a cluster does not want another one."""
    monkeypatch.setenv("FAWKES_KUBECONFIG", str(tmp_path / "nowhere.yaml"))
    with pytest.raises(LabError, match=r"FAWKES_KUBECONFIG names .*nowhere\.yaml, which is not a file"):
        current()


def test_without_a_running_lab_every_look_says_how_to_start_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make status` is what people type first."""
    monkeypatch.setattr("lab.node.Node.record", lambda: None)
    assert running_node() is None
    with pytest.raises(LabError, match="The lab is not running") as refusal:
        current()
    assert "make up" in refusal.value.fix


def test_a_missing_engine_is_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache may be deleted at any time."""
    monkeypatch.setattr(build, "find", lambda _name: None)
    with pytest.raises(LabError, match="The engine is not built yet"):
        Target(Path("kubeconfig"), state_dir() / "engine", None).engine("dojo")


@pytest.mark.parametrize(
    ("programs", "folder", "engine_home", "simulated"),
    [(BINARIES, "node", "engine", False), (SIMULATED, "simulated", "simulated-engine", True)],
)
def test_whichever_lab_runs_is_the_target_with_a_state_of_its_own(
    programs: Binaries | SimulatedBinaries,
    folder: str,
    engine_home: str,
    simulated: bool,  # noqa: FBT001 - a column of the table
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One state for both would delete in one what was made in the other."""
    _run(monkeypatch, state_dir() / folder, programs)
    found = current()
    assert found.simulated is simulated
    assert found.engine_home == state_dir() / engine_home
    assert found.kubeconfig == state_dir() / folder / "credentials" / "kubeconfig" / "super-admin.conf"


def test_another_labs_node_is_not_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its programs are not even looked at."""
    _run(monkeypatch, tmp_path / "somebody" / "node", BINARIES)
    assert running_node() is None


def test_another_labs_node_is_named_to_whoever_looks_for_ours(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Reporting only that the lab is not running would leave a person searching for the one that is."""
    _run(monkeypatch, tmp_path / "somebody" / "node", BINARIES)
    with pytest.raises(LabError, match="started by ada at 2026-01-02T03:04:05") as refusal:
        current()
    assert str(tmp_path / "somebody" / "node") in refusal.value.what
    assert refusal.value.fix == f"Look at it: FAWKES_STATE_DIR={tmp_path / 'somebody'} make status"


def test_the_simulated_cloud_is_reached_at_the_nodes_and_with_no_real_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person's own keys in the shell must not decide where a bucket is made."""
    _run(monkeypatch, simulated_folder(), SIMULATED)
    monkeypatch.setenv("NO_PROXY", "example.org")
    environment = current().environment
    assert environment.pop("KUBECONFIG").startswith(str(simulated_folder()))
    assert environment == {
        "AWS_ENDPOINT_URL": "http://172.30.0.2:5000",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_EC2_METADATA_DISABLED": "true",
        # A proxy that a company's machine must name knows nothing of the node.
        "NO_PROXY": "example.org,172.30.0.2",
        "no_proxy": "example.org,172.30.0.2",
    }


def _run(monkeypatch: pytest.MonkeyPatch, folder: Path, programs: Binaries | SimulatedBinaries) -> None:
    folder.mkdir(parents=True)
    programs.save(NodeFolder(folder).binaries)
    record = Record(pid=1, pid_started=1, folder=folder, user="ada", since="2026-01-02T03:04:05+00:00")
    monkeypatch.setattr(Node, "record", lambda: record)


def test_the_engine_gets_the_targets_cluster_and_state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An engine that found another kubeconfig would deploy to another cluster."""
    monkeypatch.setattr(build, "find", lambda name: tmp_path / name)
    engine = Target(tmp_path / "kubeconfig", tmp_path / "engine", None).engine("dojo")
    assert engine.environment == {"KUBECONFIG": str(tmp_path / "kubeconfig")}
    assert (engine.repo, engine.stack, engine.home) == (REPO, "dojo", tmp_path / "engine")
    assert engine.pulumi == tmp_path / "pulumi"


def test_the_nodes_folder_is_in_the_state_folder() -> None:
    """`make clean` deletes the state folder, and the node with it."""
    assert node_folder() == state_dir() / "node"
    assert simulated_folder() == state_dir() / "simulated"
