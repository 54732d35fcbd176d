import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from lab.errors import LabError
from lab.node.record import Record, machine_lock


def test_a_written_record_is_read_back_while_its_process_lives(tmp_path: Path) -> None:
    """Every command of every checkout reads it."""
    written = Record.write(os.getpid(), tmp_path / "node", tmp_path)
    assert Record.read(tmp_path) == written
    assert written.folder == tmp_path / "node"
    assert written.parent() == os.getppid()


def test_a_record_of_an_ended_process_counts_for_nothing(tmp_path: Path) -> None:
    """After kill -9 the file stays; it must not keep a new lab from starting."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    Record.write(child.pid, tmp_path, tmp_path)
    assert Record.read(tmp_path)
    child.communicate(b"\n")
    assert Record.read(tmp_path) is None


def test_a_process_that_got_the_number_later_is_not_taken_for_the_lab(tmp_path: Path) -> None:
    """Process ids are reused, and `down` must never end a stranger's process."""
    record = Record.write(os.getpid(), tmp_path, tmp_path)
    file = tmp_path / "node.json"
    file.write_text(
        json.dumps({**json.loads(file.read_text(encoding="utf-8")), "pid_started": record.pid_started - 1}),
        encoding="utf-8",
    )
    assert Record.read(tmp_path) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', '{"other": 1, "folder": "/x"}'])
def test_a_damaged_record_counts_for_nothing(tmp_path: Path, text: str) -> None:
    """A machine that lost power may leave half a file."""
    (tmp_path / "node.json").write_text(text, encoding="utf-8")
    assert Record.read(tmp_path) is None


def test_a_deleted_record_is_gone_and_may_be_deleted_again(tmp_path: Path) -> None:
    """A second `down` is no error."""
    Record.write(os.getpid(), tmp_path, tmp_path)
    Record.delete(tmp_path)
    Record.delete(tmp_path)
    assert Record.read(tmp_path) is None


def test_two_commands_do_not_start_or_stop_at_the_same_time(tmp_path: Path) -> None:
    """Two starts at once would launch two supervisors and record one."""
    with machine_lock(tmp_path), pytest.raises(LabError, match="Another command"), machine_lock(tmp_path):
        pass
    with machine_lock(tmp_path):
        pass


def test_every_user_may_read_whose_lab_runs(tmp_path: Path) -> None:
    """Whatever umask its user has: otherwise the other users' commands would report that none runs."""
    machine = tmp_path / "machine"
    before = os.umask(0o077)
    try:
        with machine_lock(machine):
            Record.write(os.getpid(), tmp_path, machine)
    finally:
        os.umask(before)
    assert stat.S_IMODE(machine.stat().st_mode) == 0o755
    assert stat.S_IMODE((machine / "node.json").stat().st_mode) == 0o644


def test_a_lab_is_its_persons_and_not_roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A node needs root, so root's name would not identify anybody."""
    monkeypatch.setenv("SUDO_USER", "ada")
    assert Record.write(os.getpid(), tmp_path, tmp_path).user == "ada"


def test_a_lab_is_known_by_its_folder_whichever_link_led_to_it(tmp_path: Path) -> None:
    """`down` must also end labs of an earlier version, which recorded the link."""
    (tmp_path / "link").symlink_to(tmp_path / "real")
    Record.write(os.getpid(), tmp_path / "link" / "node", tmp_path)
    assert Record.of((tmp_path / "real" / "node").resolve(), tmp_path)
