"""The state in the cluster, against a server that keeps Secrets as an API server does."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from lab.engine.project import Project
from lab.errors import LabError
from lab.target.shared_state import SharedState
from lab.target.state_secret import Deployment
from lab.target.target import Target
from settings.project import PROJECT
from tests.lab.conftest import Answer, ApiServer

pytestmark = pytest.mark.usefixtures("own_folders")

SPACE = "tracing"
_SECRETS = f"/api/v1/namespaces/{SPACE}/secrets"


@dataclass
class Kept:
    """One namespace and its Secrets, with the server's own rule: an outdated version is not replaced."""

    namespace: dict[str, Any] | None = None
    secrets: dict[str, dict[str, Any]] = field(default_factory=dict)
    version: int = 0
    elsewhere: dict[str, Any] | None = None

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """Answer as an API server."""
        if method == "GET":
            places = {f"/api/v1/namespaces/{SPACE}": self.namespace, "/api/v1/namespaces/before": self.elsewhere}
            found = places.get(path) or self.secrets.get(path)
            return (200, json.dumps(found).encode()) if found else (404, b"{}")
        secret = json.loads(body)
        place = f"{_SECRETS}/{secret['metadata']['name']}"
        there = self.secrets.get(place)
        if there and secret["metadata"].get("resourceVersion") != there["metadata"]["resourceVersion"]:
            return 409, b"{}"
        self.version += 1
        secret["metadata"]["resourceVersion"] = str(self.version)
        self.secrets[place] = secret
        return 200, json.dumps(secret).encode()


@dataclass
class Copy:
    """The engine's state on one machine."""

    resources: list[dict[str, Any]] = field(default_factory=list)

    def export_state(self, *, show_secrets: bool = False) -> dict[str, Any]:
        """Return it; without what is secret unless asked for."""
        shown = [
            {name: value for name, value in r.items() if show_secrets or name != "secret"} for r in self.resources
        ]
        return {"version": 3, "deployment": {"resources": shown}}

    def import_state(self, state: dict[str, Any]) -> None:
        """Put another in its place."""
        self.resources = state["deployment"]["resources"]


@pytest.fixture
def kept(api_server: ApiServer) -> Kept:
    """A cluster that has the namespace, as the engine made it."""
    cluster = Kept({"metadata": _metadata("1")})
    api_server.answer = cluster.answer
    return cluster


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> dict[Path, Copy]:
    """The state that each machine has, by the folder of its engine."""
    known: dict[Path, Copy] = {}

    def engine(target: Target, _stack: str) -> Copy:
        target.engine_home.mkdir(parents=True, exist_ok=True)
        return known.setdefault(target.engine_home, Copy())

    monkeypatch.setattr(Target, "engine", engine)
    monkeypatch.setattr(Project, "resources", lambda project: known.get(project.home, Copy()).resources)
    return known


def _metadata(uid: str, *, others: bool = False) -> dict[str, Any]:
    labels = {"team": "others"} if others else {"app.kubernetes.io/part-of": PROJECT}
    return {"name": SPACE, "uid": uid, "labels": labels}


def _namespace(name: str, uid: str) -> dict[str, Any]:
    """Return a Namespace in a state."""
    metadata = {"name": name, "uid": uid, "labels": {"app.kubernetes.io/part-of": PROJECT}}
    return {"urn": name, "type": "kubernetes:core/v1:Namespace", "outputs": {"metadata": metadata}}


def _on(machine: str, server: ApiServer) -> SharedState:
    return SharedState(Target(server.kubeconfig, server.folder / machine, None), "dojo", SPACE)


@pytest.fixture
def here(api_server: ApiServer, copies: dict[Path, Copy]) -> SharedState:
    """The machine that deployed one resource and stored its state."""
    state = _on("here", api_server)
    copies[state._home] = Copy([{"urn": "a", "secret": "s"}])
    return state


def test_another_clone_gets_the_whole_state_with_its_secrets(
    here: SharedState, api_server: ApiServer, copies: dict[Path, Copy], kept: Kept
) -> None:
    """Without the secrets it would make new ones, and the store could not read what it wrote with the old."""
    with here.kept():
        pass
    assert kept.secrets
    there = _on("there", api_server)
    there.fetch()
    assert copies[there._home].resources == [{"urn": "a", "secret": "s"}]


@pytest.mark.usefixtures("kept")
def test_who_changed_the_stack_last_is_known(here: SharedState, api_server: ApiServer) -> None:
    """That is the person to ask before changing it."""
    assert here.deployment() is None
    here.store()
    found = _on("there", api_server).deployment()
    assert found
    assert found.who == Deployment.by_this_process(Path(), 0).who
    assert (found.folder, found.resources) == (str(here._home), 1)


@pytest.mark.usefixtures("kept")
def test_what_a_cut_off_run_made_here_is_not_forgotten(here: SharedState, copies: dict[Path, Copy]) -> None:
    """A killed process stores nothing, and its copy is newer than the cluster's."""
    here.store()
    copies[here._home].resources.append({"urn": "b"})
    here.fetch()
    assert len(copies[here._home].resources) == 2


@pytest.mark.usefixtures("kept")
def test_a_run_that_fails_stores_what_it_made_and_its_own_error_is_told(
    here: SharedState, api_server: ApiServer, copies: dict[Path, Copy]
) -> None:
    """Others must find a partly deployed stack too."""

    def fail() -> None:
        with here.kept():
            copies[here._home].resources.append({"urn": "b"})
            raise LabError("The engine failed.", "Look.")

    with pytest.raises(LabError, match="The engine failed"):
        fail()
    there = _on("there", api_server)
    there.fetch()
    assert len(copies[there._home].resources) == 2


@pytest.mark.usefixtures("kept")
def test_what_somebody_changed_since_the_preview_is_not_deployed_over(
    here: SharedState, api_server: ApiServer, copies: dict[Path, Copy]
) -> None:
    """The preview that the policies accepted, and that somebody approved, was of the state before."""
    here.store()
    here.fetch()
    there = _on("there", api_server)
    there.fetch()
    copies[there._home].resources.append({"urn": "theirs"})
    there.store()

    def deploy() -> None:
        with here.kept(previewed=True):
            pytest.fail("deployed")

    with pytest.raises(LabError, match="at the same time"):
        deploy()


@pytest.mark.usefixtures("kept")
def test_what_somebody_changed_in_between_is_not_overwritten(
    here: SharedState, api_server: ApiServer, copies: dict[Path, Copy]
) -> None:
    """Each would delete resources that only the other's state lists."""
    here.store()
    there = _on("there", api_server)
    there.fetch()
    copies[there._home].resources.append({"urn": "theirs"})
    there.store()
    with pytest.raises(LabError, match="Somebody else changed the stack"):
        here.store()
    here.fetch()
    assert {"urn": "theirs"} in copies[here._home].resources
    here.store()


@pytest.mark.usefixtures("copies")
def test_a_namespace_of_somebody_else_is_refused(kept: Kept, api_server: ApiServer) -> None:
    """Destroying the stack would delete it with all that others have in it."""
    kept.namespace = {"metadata": _metadata("1", others=True)}
    with pytest.raises(LabError, match="belongs to others"):
        _on("here", api_server).fetch()


def test_a_namespace_of_somebody_else_in_another_cluster_at_the_same_address_is_refused(
    here: SharedState, kept: Kept, copies: dict[Path, Copy]
) -> None:
    """127.0.0.1:6443 is a new cluster each day; what this machine's state knows was in the old one."""
    copies[here._home].resources = [_namespace(SPACE, "1")]
    here.fetch()
    kept.namespace = {"metadata": _metadata("2", others=True)}
    with pytest.raises(LabError, match="belongs to others"):
        here.fetch()


def test_what_a_cut_off_run_made_before_its_state_knew_of_it_is_its_own(here: SharedState, kept: Kept) -> None:
    """Its label proves it; without the label the namespace is another's."""
    here.fetch()
    kept.namespace = {"metadata": _metadata("1", others=True)}
    with pytest.raises(LabError, match="belongs to others"):
        here.fetch()


@pytest.mark.parametrize("act", [SharedState.fetch, SharedState.summary])
def test_settings_that_name_another_namespace_than_the_stack_is_in_are_refused(
    act: Callable[[SharedState], object], here: SharedState, kept: Kept, copies: dict[Path, Copy]
) -> None:
    """`make down` asked nothing, for the new one was not there, and destroyed the old one."""
    copies[here._home].resources = [_namespace("before", "7")]
    kept.namespace, kept.elsewhere = None, {"metadata": {"name": "before", "uid": "7"}}
    with pytest.raises(LabError, match="the stack is in before") as refusal:
        act(here)
    assert "environment.namespace to before" in refusal.value.fix
    # Gone, or made again by others: it is theirs, and nothing of the stack can be lost there.
    kept.elsewhere = {"metadata": {"name": "before", "uid": "8"}}
    act(here)


@pytest.mark.usefixtures("copies")
def test_what_is_known_of_a_stack_is_told_before_it_is_destroyed(
    kept: Kept, api_server: ApiServer, copies: dict[Path, Copy]
) -> None:
    """Also when its namespace is gone and this machine alone knows of its bucket."""
    ada = _on("ada", api_server)
    assert ada.summary() == "its state is not in the cluster"
    kept.namespace = None
    assert ada.summary() == ""
    copies[ada._home] = Copy([{"urn": "bucket"}])
    assert ada.summary() == f"1 resources, known to this machine alone (state: {ada._home})"
    kept.namespace = {"metadata": _metadata("1")}
    ada.store()
    assert _on("grace", api_server).summary() == str(ada.deployment())


@pytest.mark.parametrize(
    "data", [{}, None, {"deployment.json.gz": "?"}, {"deployment.json.gz": "YQ=="}, {"deployment.json.gz": "H4sI"}]
)
def test_a_damaged_state_in_the_cluster_is_told(
    data: dict[str, str] | None, here: SharedState, api_server: ApiServer, kept: Kept
) -> None:
    """Anybody with access may edit a Secret."""
    here.store()
    (secret,) = kept.secrets.values()
    secret["data"] = data
    with pytest.raises(LabError, match="should hold the stack's state, and does not"):
        _on("there", api_server).fetch()


@pytest.mark.usefixtures("copies", "kept")
def test_a_stack_whose_state_is_nowhere_is_refused(api_server: ApiServer) -> None:
    """New secrets would be written over those that its store was encrypted with."""
    with pytest.raises(LabError, match="a stack of this project that was not finished"):
        _on("here", api_server).fetch()


@pytest.mark.usefixtures("copies")
def test_an_empty_cluster_takes_a_stack(kept: Kept, api_server: ApiServer) -> None:
    """This is the usual first run."""
    kept.namespace = None
    here = _on("here", api_server)
    here.fetch()
    assert here._last_seen() == ""


def test_of_a_destroyed_stack_nothing_is_stored(here: SharedState, kept: Kept) -> None:
    """The namespace took the Secret along."""
    here.store()
    kept.namespace, kept.secrets = None, {}
    here.store()
    assert kept.secrets == {}
    assert here._last_seen() == ""


def test_a_cluster_that_does_not_show_the_namespace_is_told(here: SharedState, api_server: ApiServer) -> None:
    """If it were taken for an empty one, a second stack would be deployed over the first."""
    api_server.answer = lambda *_: (403, b"{}")
    with pytest.raises(LabError, match="namespace tracing cannot be read: Forbidden"):
        here.fetch()


@pytest.mark.usefixtures("kept")
def test_a_state_that_does_not_fit_into_a_secret_is_told(
    here: SharedState, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's own refusal would not explain the limit."""
    monkeypatch.setattr("lab.target.shared_state._MAX_BYTES", 10)
    with pytest.raises(LabError, match="too large for the cluster"):
        here.store()
