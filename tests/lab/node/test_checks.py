import shutil
from pathlib import Path

import pytest

from lab.errors import LabError
from lab.node import checks

ALL = "Name:\tx\nCapEff:\t000001ffffffffff\n"
# An unprivileged container has neither bit 12 nor bit 21.
CONTAINER = "Name:\tx\nCapEff:\t00000000a80425fb\n"


def test_root_with_all_capabilities_may_run_a_node() -> None:
    """The counterpart of the refusals below."""
    checks.check_privileges(ALL, user=0)


@pytest.mark.parametrize(
    ("status", "user", "got"),
    [
        (ALL, 1000, "user id 1000"),
        (CONTAINER, 0, "root without CAP_SYS_ADMIN and CAP_NET_ADMIN"),
    ],
)
def test_missing_privileges_are_named_with_what_was_got(status: str, user: int, got: str) -> None:
    """Both "not root" and "root in a plain container" happen, and each has its own fix."""
    with pytest.raises(LabError, match=got):
        checks.check_privileges(status, user)


def test_a_full_disk_is_named_with_what_is_needed_and_where(tmp_path: Path) -> None:
    """The folder need not exist yet."""
    free = shutil.disk_usage(tmp_path).free
    with pytest.raises(LabError, match=rf"GB free at {tmp_path}/a/b;") as caught:
        checks.check_free_space(tmp_path / "a" / "b", needed=free * 2)
    assert "FAWKES_STATE_DIR" in caught.value.fix
    checks.check_free_space(tmp_path / "a" / "b", needed=1)


@pytest.mark.parametrize("folder", ["/run/lab/node", "/var/log/node", "/var/lib/cni/node"])
def test_a_folder_that_the_node_would_hide_from_itself_is_refused(folder: str) -> None:
    """The node mounts a tmpfs over these."""
    with pytest.raises(LabError, match="mounts a tmpfs"):
        checks.check_folder(Path(folder))


def test_a_folder_on_overlayfs_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside a container without a volume, unpacking images would fail one by one."""
    monkeypatch.setattr(checks, "_filesystem", lambda _: "overlayfs")
    with pytest.raises(LabError, match="overlayfs"):
        checks.check_folder(Path("/srv/lab"))
