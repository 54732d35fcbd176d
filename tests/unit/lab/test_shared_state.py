"""The state in the cluster, against a server that keeps Secrets as an API server does."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from lab.errors import LabError
from lab.shared_state import Deployment, SharedState
from lab.target import Target
from settings.loader import PROJECT
from tests.unit.lab.conftest import Answer, ApiServer

pytestmark = pytest.mark.usefixtures("own_folders")

SPACE = "tracing"
_SECRETS = f"/api/v1/namespaces/{SPACE}/secrets"


@dataclass
class Kept:
    """One namespace and its Secrets, with the server's own rule: an outdated version is not replaced."""

    namespace: dict[str, Any] | None = None
    secrets: dict[str, dict[str, Any]] = field(default_factory=dict)
    version: int = 0

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """Answer as an API server."""
        if method == "GET":
            found = self.namespace if path.endswith(f"namespaces/{SPACE}") else self.secrets.get(path)
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

    resources: list[dict[str, str]] = field(default_factory=list)

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
    cluster = Kept({"metadata": {"name": SPACE, "labels": {"app.kubernetes.io/part-of": PROJECT}}})
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
    return known


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
    """The one to ask before changing it."""
    assert here.deployment() is None
    here.store()
    found = _on("there", api_server).deployment()
    assert found
    assert found.who == Deployment.of_this_process(Path(), 0).who
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
    """Half a stack must be found by others too."""

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
def test_what_somebody_changed_in_between_is_not_overwritten(
    here: SharedState, api_server: ApiServer, copies: dict[Path, Copy]
) -> None:
    """Each would delete what only the other's state knows."""
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
    kept.namespace = {"metadata": {"name": SPACE}}
    with pytest.raises(LabError, match="belongs to others"):
        _on("here", api_server).fetch()


@pytest.mark.usefixtures("copies", "kept")
def test_a_stack_whose_state_is_nowhere_is_refused(api_server: ApiServer) -> None:
    """New secrets would be written over those that its store was encrypted with."""
    with pytest.raises(LabError, match="a stack of this project that was not finished"):
        _on("here", api_server).fetch()


@pytest.mark.usefixtures("copies")
def test_an_empty_cluster_takes_a_stack(kept: Kept, api_server: ApiServer) -> None:
    """The usual first run."""
    kept.namespace = None
    _on("here", api_server).fetch()


def test_of_a_destroyed_stack_nothing_is_stored(here: SharedState, kept: Kept) -> None:
    """The namespace took the Secret along."""
    here.store()
    kept.namespace, kept.secrets = None, {}
    here.store()
    assert kept.secrets == {}
    assert here._last_seen() == ""


def test_a_cluster_that_does_not_show_the_namespace_is_told(here: SharedState, api_server: ApiServer) -> None:
    """Taken for an empty one it would get a second stack over the first."""
    api_server.answer = lambda *_: (403, b"{}")
    with pytest.raises(LabError, match="not known what is in the namespace tracing: Forbidden"):
        here.fetch()


@pytest.mark.usefixtures("kept")
def test_a_state_that_does_not_fit_into_a_secret_is_told(
    here: SharedState, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server would refuse it with a number that means nothing to anybody."""
    monkeypatch.setattr("lab.shared_state._LARGEST_BYTES", 10)
    with pytest.raises(LabError, match="too large for the cluster"):
        here.store()
