"""What `make clean` may delete: every folder here is one that a person could have named."""

from pathlib import Path

import pytest

from lab.errors import LabError
from lab.node.layout import NodeFolder
from lab.own_folder import CACHE, STATE, Kind, OwnFolder

OLD_STATE = (
    "node/credentials/pki",
    "engine/passphrase",
    "engine-0123456789ab/passphrase",
    "verify/node",
    "verify-logs-x",
)
OLD_CACHE = ("bin/kube-1.2-0123456789ab", "go/mod/x", "go/tmp", "images/tempo.inputs", "uv-0123456789ab/bin")


def folder(path: Path, kind: Kind = STATE, *children: str) -> OwnFolder:
    """Return a folder that exists and holds these folders."""
    path.mkdir(exist_ok=True)
    for child in children:
        (path / child).mkdir(parents=True)
    return OwnFolder(path, kind)


def names(path: Path) -> list[str]:
    """Return what a folder holds."""
    return sorted(child.name for child in path.iterdir())


def test_a_folder_that_the_lab_made_goes_with_all_that_it_made_there(tmp_path: Path) -> None:
    """Half-made things, too: whatever has a name of the lab's in a folder of the lab's."""
    own = OwnFolder(tmp_path / "deep" / "state", STATE)
    own.claim()
    folder(own.path, STATE, "node/half made", "engine/whatever")
    assert own.delete() == []
    assert names(tmp_path / "deep") == []


def test_a_folder_that_never_was_a_labs_is_left_as_it_is(tmp_path: Path) -> None:
    own = folder(tmp_path / "projects", STATE, "node/src", "thesis", "engine/cylinder")
    assert [path.name for path in own.delete()] == ["engine", "node", "thesis"]
    assert names(own.path) == ["engine", "node", "thesis"]


# The last of these hold only names that the lab uses too.
FOREIGN = [
    (STATE, ("node/src",)),
    (CACHE, ("bin/mine",)),
    (CACHE, ("go/src",)),
    (STATE, ("node/data", "node/config")),
    (STATE, ("engine/backend", "engine/logs")),
    (CACHE, ("images/debian.tar",)),
    (CACHE, ("go/build", "go/mod")),
]


@pytest.mark.parametrize(("kind", "children"), FOREIGN)
def test_a_folder_with_anothers_file_of_a_name_that_the_lab_needs_is_refused(
    kind: Kind, children: tuple[str, ...], tmp_path: Path
) -> None:
    own = folder(tmp_path / "home", kind, *children)
    before = names(own.path)
    with pytest.raises(LabError, match="and the lab did not make it"):
        own.claim()
    assert [path.name for path in own.delete()] == names(own.path) == before


def test_of_a_shared_folder_only_what_the_lab_made_is_deleted(tmp_path: Path) -> None:
    """Also when something of a name of the lab's came later."""
    own = folder(tmp_path / "projects", STATE, "thesis")
    own.claim()
    folder(own.path, STATE, "node/credentials", "engine/passphrase", "simulated/annealing")
    assert [path.name for path in own.delete()] == [".fawkes-lab-state", "simulated", "thesis"]


def test_what_benchmarks_and_scanners_install_goes_with_the_cache(tmp_path: Path) -> None:
    own = folder(tmp_path / "projects", CACHE, "thesis")
    own.claim()
    folder(
        own.path, CACHE, "checkov-0123456789ab", "overhead-python-0123456789ab", "overhead/go-0123456789ab.json"
    )
    assert [path.name for path in own.delete()] == ["thesis"] == names(own.path)


def test_an_empty_folder_that_was_there_before_stays(tmp_path: Path) -> None:
    """It may be a home, or where a disk is mounted."""
    own = folder(tmp_path / "mine")
    own.claim()
    folder(own.path, STATE, "node")
    assert own.delete() == []
    assert names(own.path) == []


@pytest.mark.parametrize(("kind", "children"), [(STATE, OLD_STATE), (CACHE, OLD_CACHE)])
def test_a_folder_of_a_version_before_the_marker_is_taken_over_and_deleted(
    kind: Kind, children: tuple[str, ...], tmp_path: Path
) -> None:
    own = folder(tmp_path / "claimed", kind, *children)
    own.claim()
    unclaimed = folder(tmp_path / "unclaimed", kind, *children)
    assert own.delete() == unclaimed.delete() == []
    assert names(tmp_path) == []


def test_an_empty_folder_without_a_marker_is_not_deleted(tmp_path: Path) -> None:
    own = folder(tmp_path / "empty")
    assert own.delete() == []
    assert own.path.is_dir()


def test_what_a_link_leads_to_stays(tmp_path: Path) -> None:
    """Whoever moved the tools to a larger disk left a link."""
    own = OwnFolder(tmp_path / "cache", CACHE)
    own.claim()
    disk = folder(tmp_path / "disk", CACHE, "kube-1.2-0123456789ab")
    (own.path / "bin").symlink_to(disk.path)
    assert own.delete() == []
    assert names(tmp_path) == ["disk"]
    assert names(disk.path) == ["kube-1.2-0123456789ab"]


def test_one_folder_for_both_kinds_loses_only_what_is_asked_for(tmp_path: Path) -> None:
    cache, state = OwnFolder(tmp_path / "both", CACHE), OwnFolder(tmp_path / "both", STATE)
    cache.claim()
    (cache.path / "bin").mkdir()
    state.claim()
    folder(state.path, STATE, "node/credentials")
    state.delete()
    assert names(state.path) == [".fawkes-lab-cache", "bin"]


def test_a_home_is_never_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    own = OwnFolder(tmp_path / "home", STATE)
    own.claim()
    own.delete()
    assert own.path.is_dir()


def test_what_a_node_writes_is_known_to_be_the_labs(tmp_path: Path) -> None:
    """Else a shared folder would keep it, and a folder of this version would be foreign to the next."""
    node = NodeFolder(tmp_path / "state" / "node")
    own = folder(tmp_path / "state", STATE, "others")
    own.claim()
    listed = (getattr(node, name) for name, found in vars(NodeFolder).items() if isinstance(found, property))
    for path in listed:
        path.mkdir(parents=True, exist_ok=True)
    own.delete()
    assert not node.root.exists()
