"""What somebody meets who is not root and whose folders are another's: a subprocess that becomes nobody."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from settings.project import REPO

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")

# The interpreter itself may be out of others' reach, so it becomes somebody else once it runs.
COMMAND = """
import os, sys
from lab.commands.app import app, run_command
os.setgid(65534)
os.setuid(65534)
sys.exit(run_command(app))
"""
ENGINE = """
import os, sys
from pathlib import Path
from lab.commands.app import run_command
from lab.engine.project import Project
os.setgid(65534)
os.setuid(65534)
sys.exit(run_command(lambda: Project(repo=Path.cwd(), stack="dojo", home=Path(sys.argv[1])).write()))
"""


@pytest.fixture
def roots_folder() -> Iterator[Path]:
    """A folder of root's that others may look into, below none that is closed to them."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def told(folder: Path, *arguments: str, program: str = COMMAND) -> tuple[int, list[str]]:
    """Run a program as nobody with state and cache in a folder; return its exit code and lines of error."""
    folders = {"FAWKES_STATE_DIR": f"{folder}/state", "FAWKES_CACHE_DIR": f"{folder}/cache"}
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=REPO,
        env={**folders, "COLUMNS": "1000"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr.strip().splitlines()


@pytest.mark.parametrize("mode", [0o755, 0o700])
def test_clean_of_anothers_state_names_the_folder_and_its_owner(mode: int, roots_folder: Path) -> None:
    (roots_folder / "state" / "node" / "credentials").mkdir(parents=True)
    (roots_folder / "state").chmod(mode)
    code, lines = told(roots_folder, "clean")
    assert code == 1
    assert f"belongs to root (mode {mode:04o}), this is nobody" in lines[-2]
    assert "FAWKES_STATE_DIR" in lines[-1]
    assert (roots_folder / "state" / "node" / "credentials").is_dir()


@pytest.mark.parametrize("closed", ["projects", "passphrase"])
def test_an_engine_whose_files_are_anothers_names_them(closed: str, roots_folder: Path) -> None:
    """Found deep inside, where nobody looks for it."""
    home = roots_folder / "state" / "engine"
    for name in ("projects", "backend"):
        (home / name).mkdir(parents=True)
    if closed == "passphrase":
        (home / "projects").chmod(0o777)
        home.chmod(0o755)
    code, lines = told(roots_folder, str(home), program=ENGINE)
    assert code == 1
    assert f"{home / closed}" in lines[-2]
    assert "Permission denied" in lines[-2]
    assert "FAWKES_STATE_DIR names another folder" in lines[-1]


def test_a_cache_that_only_others_may_write_is_good_to_look_into(roots_folder: Path) -> None:
    """An administrator may have filled it."""
    (roots_folder / "cache").mkdir()
    code, lines = told(roots_folder, "path", "tempo")
    assert (code, lines) == (1, ["tempo is not built yet.", "Run `make tools`."])


def test_a_cache_that_cannot_be_written_is_no_fault_of_the_network(roots_folder: Path) -> None:
    (roots_folder / "cache").mkdir()
    code, lines = told(roots_folder, "tools")
    assert code == 1
    assert f"{roots_folder}/cache/bin cannot be used: Permission denied" in lines[-2]
    assert "belongs to root" in lines[-2]
    assert "FAWKES_CACHE_DIR names another folder" in lines[-1]
