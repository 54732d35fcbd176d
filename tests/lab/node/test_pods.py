from pathlib import Path

import pytest

from lab.node.process import pod_processes

IN_POD = "4:memory:/fawkes-lab/kubepods/burstable/pod1/c1\n"
V2_IN_POD = "0::/fawkes-lab/kubepods/besteffort/pod1/c1\n"
FIRST = "Name:\tx\nNSpid:\t77\t1\n"


@pytest.mark.parametrize(
    ("cgroup", "status", "command", "told"),
    [
        (IN_POD, FIRST, b"/tempo\0-config=x\0", True),
        (V2_IN_POD, FIRST, b"/tempo\0", True),
        (IN_POD, "Name:\tx\nNSpid:\t78\t2\n", b"/tempo\0", False),
        (IN_POD, FIRST, b"/bin/busybox\0sleep\0002147483647\0", False),
        ("4:memory:/fawkes-lab/daemons\n", FIRST, b"/usr/bin/etcd\0", False),
        ("4:memory:/\n", FIRST, b"/sbin/init\0", False),
    ],
)
def test_only_a_containers_first_process_is_told_to_end(
    tmp_path: Path, cgroup: str, status: str, command: bytes, *, told: bool
) -> None:
    """It manages its own children, a pause container ignores SIGTERM, and other processes must not be touched."""
    process = tmp_path / "77"
    process.mkdir()
    (process / "cgroup").write_text(cgroup, encoding="utf-8")
    (process / "status").write_text(status, encoding="utf-8")
    (process / "cmdline").write_bytes(command)
    (tmp_path / "78").mkdir()  # has exited: nothing can be read
    assert pod_processes(tmp_path) == ([77] if told else [])
