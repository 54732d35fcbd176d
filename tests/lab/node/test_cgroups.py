from pathlib import Path

import pytest

from lab.errors import LabError
from lab.node import cgroups


def v1(mount: Path) -> None:
    """Lay out two v1 hierarchies and a v2 one that only groups processes."""
    for name in ("memory", "cpuset", "unified"):
        (mount / name).mkdir(parents=True)
        (mount / name / "cgroup.procs").touch()
    (mount / "unified" / "cgroup.controllers").write_text("hugetlb", encoding="utf-8")
    (mount / "unified" / "cgroup.subtree_control").write_text("", encoding="utf-8")


def v2(mount: Path) -> None:
    """Lay out the root of a v2 hierarchy."""
    mount.mkdir()
    (mount / "cgroup.procs").touch()
    (mount / "cgroup.controllers").write_text("cpu memory", encoding="utf-8")
    (mount / "cgroup.subtree_control").touch()


def test_every_v1_hierarchy_gets_the_nodes_groups(tmp_path: Path) -> None:
    """The kubelet refuses to start when its root group is missing in one of them."""
    v1(tmp_path / "cgroup")
    cgroups.create(tmp_path / "cgroup")
    made = {str(p.relative_to(tmp_path / "cgroup")) for p in (tmp_path / "cgroup").glob("*/fawkes-lab/daemons")}
    assert made == {f"{name}/fawkes-lab/daemons" for name in ("cpuset", "memory", "unified")}


def test_a_v2_hierarchy_beside_v1_ones_is_not_given_controllers(tmp_path: Path) -> None:
    """That setting belongs to the machine and would outlive the node."""
    v1(tmp_path / "cgroup")
    cgroups.create(tmp_path / "cgroup")
    assert (tmp_path / "cgroup/unified/cgroup.subtree_control").read_text(encoding="utf-8") == ""


def test_on_v2_there_is_one_hierarchy_and_its_controllers_are_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Limits of Pods have no effect in a group without the controller."""
    v2(tmp_path / "cgroup")
    asked: list[tuple[Path, str]] = []

    def write(file: Path, text: str, **_: object) -> int:
        asked.append((file, text))
        return len(text)

    # The kernel creates these files in every new group; a plain folder has none.
    read = Path.read_text
    monkeypatch.setattr(Path, "write_text", write)
    monkeypatch.setattr(
        Path, "read_text", lambda f, **how: "cpu memory" if f.name == "cgroup.controllers" else read(f, **how)
    )
    cgroups.create(tmp_path / "cgroup")

    root = tmp_path / "cgroup"
    assert cgroups.hierarchies(root) == [root]
    wanted = [root, root, root / "fawkes-lab", root / "fawkes-lab"]
    assert [file.parent for file, _ in asked] == wanted
    assert [text for _, text in asked] == ["+cpu", "+memory"] * 2


def test_groups_are_removed_from_the_leaves_up(tmp_path: Path) -> None:
    """The kernel refuses to remove a group that has children, and files in it are the kernel's own."""
    v1(tmp_path / "cgroup")
    cgroups.create(tmp_path / "cgroup")
    (tmp_path / "cgroup/memory/fawkes-lab/kubepods/besteffort/pod1/c1").mkdir(parents=True)
    cgroups.remove(tmp_path / "cgroup")
    assert not list((tmp_path / "cgroup").glob("*/fawkes-lab"))
    cgroups.remove(tmp_path / "cgroup")


def test_a_group_that_stays_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that escaped the node would keep its group forever."""
    monkeypatch.setattr(cgroups, "_REMOVE_SECONDS", 0.0)
    v1(tmp_path / "cgroup")
    held = tmp_path / "cgroup/memory/fawkes-lab"
    held.mkdir()
    (held / "a-file-keeps-a-plain-folder-as-processes-keep-a-group").touch()
    with pytest.raises(LabError, match=str(held)):
        cgroups.remove(tmp_path / "cgroup")


def test_control_groups_that_cannot_be_written_are_one_sentence(tmp_path: Path) -> None:
    """In an unprivileged container they are read-only."""
    v1(tmp_path / "cgroup")
    (tmp_path / "cgroup/cpuset/fawkes-lab").write_text("in the way", encoding="utf-8")
    with pytest.raises(LabError, match="cannot be created"):
        cgroups.create(tmp_path / "cgroup")
