"""`bootstrap.py` as the Makefile runs it, in a checkout of its own with a uv that only logs its calls."""

import ast
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from settings.project import REPO
from tests.support.waiting import eventually

# The files that run before there is an environment; they may import nothing else of the project.
FILES = (
    "bootstrap.py",
    "make_venv.py",
    "cli/__init__.py",
    "cli/command.py",
    "cli/failures.py",
    "cli/lock.py",
    "requirements.lock",
    "requirements-uv.lock",
)
# `uv venv` makes the parts of an environment that matter here; `uv pip sync` runs a given command.
FAKE_UV = """\
#!/bin/sh
case "$1" in
  venv)
    for last; do :; done
    [ ! -e "$last" ] || echo "was there: $(ls -A "$last" | tr '\\n' ' ')" >> {log}
    rm -rf "$last"; mkdir -p "$last/bin"; ln -s {python} "$last/bin/python" ;;
  pip) echo synced >> {log}; {sync} ;;
esac
"""


class Checkout:
    """A folder with all files that the setup reads, and a cache that contains uv."""

    def __init__(self, folder: Path) -> None:
        """Copy the files; uv succeeds."""
        self.root, self.cache, self.log = folder / "checkout", folder / "cache", folder / "log"
        (self.root / "cli").mkdir(parents=True)
        for name in FILES:
            shutil.copy(REPO / name, self.root / name)
        digest = hashlib.sha256((self.root / "requirements-uv.lock").read_bytes()).hexdigest()[:12]
        self.uv = self.cache / f"uv-{digest}" / "bin" / "uv"
        self.uv.parent.mkdir(parents=True)
        self.let_sync("true")

    @property
    def stamp(self) -> Path:
        """The file that marks the environment as complete."""
        return self.root / ".venv" / ".requirements.sha256"

    @property
    def synced(self) -> int:
        """The number of times that an environment was created."""
        return self.log.read_text(encoding="utf-8").count("synced") if self.log.exists() else 0

    def let_sync(self, command: str) -> None:
        """Make `uv pip sync` run this command."""
        text = FAKE_UV.format(log=self.log, python=sys.executable, sync=command)
        self.uv.write_text(text, encoding="utf-8")
        self.uv.chmod(0o755)

    def start(self, **environment: str) -> subprocess.Popen[str]:
        """Start a setup in a process group of its own."""
        return subprocess.Popen(
            ["env", "--default-signal=INT", sys.executable, "bootstrap.py"],
            cwd=self.root,
            env={**os.environ, "FAWKES_CACHE_DIR": str(self.cache), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
        )

    def setup(self, **environment: str) -> tuple[int, str]:
        """Run a setup; return its exit code and output."""
        with self.start(**environment) as process:
            output = process.communicate(timeout=60)[0]
        return process.returncode, output


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A fresh clone."""
    return Checkout(tmp_path)


def test_an_environment_is_made_once(checkout: Checkout) -> None:
    """Every target of the Makefile runs the setup."""
    assert checkout.setup()[0] == 0
    assert checkout.setup() == (0, "")
    assert checkout.synced == 1


def test_a_clone_that_was_moved_gets_a_new_environment(checkout: Checkout) -> None:
    """The programs in it are started by scripts that name the old place."""
    checkout.setup()
    checkout.root = checkout.root.rename(checkout.root.with_name("moved"))
    assert checkout.setup()[0] == 0
    assert checkout.synced == 2


def test_a_copy_of_a_clone_gets_an_environment_of_its_own(checkout: Checkout) -> None:
    """Otherwise its tests would run the other clone's programs."""
    checkout.setup()
    copy = checkout.root.with_name("copy")
    shutil.copytree(checkout.root, copy, symlinks=True)
    checkout.root = copy
    assert checkout.setup()[0] == 0
    assert checkout.synced == 2


def test_an_environment_whose_python_is_gone_is_made_anew(checkout: Checkout) -> None:
    """This happens after an upgrade of the system's Python."""
    checkout.setup()
    python = checkout.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/gone/python3")
    assert checkout.setup()[0] == 0
    assert checkout.synced == 2


@pytest.mark.parametrize("kind", ["a file", "a link that leads nowhere"])
def test_what_stands_in_the_place_of_the_environment_is_replaced(kind: str, checkout: Checkout) -> None:
    place = checkout.root / ".venv"
    if kind == "a file":
        place.touch()
    else:
        place.symlink_to("/gone")
    assert checkout.setup()[0] == 0
    assert checkout.stamp.exists()


def test_an_interrupt_is_one_sentence_and_the_next_run_makes_it_whole(checkout: Checkout) -> None:
    checkout.let_sync("sleep 60")
    with checkout.start() as process:
        eventually(lambda: checkout.synced, "uv has been run", 30)
        os.killpg(process.pid, signal.SIGINT)
        output = process.communicate(timeout=30)[0]
    assert process.returncode == 130
    assert output.splitlines()[-1] == "Interrupted. Run the same command again to resume."
    assert "Traceback" not in output
    checkout.let_sync("true")
    assert checkout.setup()[0] == 0
    assert checkout.synced == 2


def test_an_environment_that_is_being_changed_does_not_count_as_whole(checkout: Checkout) -> None:
    """A lock file changed and changed back would otherwise match the stamp of a half-synced environment."""
    checkout.setup()
    lock = checkout.root / "requirements.lock"
    before = lock.read_text(encoding="utf-8")
    lock.write_text(before + "# changed\n", encoding="utf-8")
    checkout.let_sync("exit 1")
    assert checkout.setup()[0] == 1
    lock.write_text(before, encoding="utf-8")
    checkout.let_sync("true")
    assert checkout.setup()[0] == 0
    assert checkout.synced == 3
    # The stamp is gone before uv clears the environment, which may be interrupted half-way.
    assert ".requirements" not in checkout.log.read_text(encoding="utf-8")


def test_two_at_once_make_one_environment(checkout: Checkout) -> None:
    """Two targets of the Makefile may run at the same time."""
    both_run = checkout.root / "both-run"
    checkout.let_sync(f"while [ ! -e {both_run} ]; do sleep 0.02; done")
    with checkout.start() as one, checkout.start() as two:
        assert one.stdout is not None
        assert two.stdout is not None
        # Each prints a line before it waits: one for its packages, the other for the first process.
        output = one.stdout.readline() + two.stdout.readline()
        both_run.touch()
        output += one.communicate(timeout=60)[0] + two.communicate(timeout=60)[0]
    assert (one.returncode, two.returncode) == (0, 0)
    assert output.count("Waiting: another process is creating the Python environment") == 1
    assert checkout.synced == 1


def test_who_waits_for_the_other_may_be_interrupted(checkout: Checkout) -> None:
    with (checkout.root / "requirements.lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with checkout.start() as process:
            assert process.stdout is not None
            assert "Waiting" in process.stdout.readline()
            os.killpg(process.pid, signal.SIGINT)
            output = process.communicate(timeout=30)[0]
    assert process.returncode == 130
    assert "Traceback" not in output


@pytest.mark.parametrize(
    ("uv_error", "fix"),
    [
        ("error: failed to open file /x: Permission denied (os error 13)", "FAWKES_CACHE_DIR and UV_CACHE_DIR"),
        ("error: No space left on device (os error 28)", "The disk is full"),
        ("error: Failed to fetch: dns error: failed to lookup address", "Check the network, a proxy"),
        ("error: hash mismatch for x", "Fix what it reports"),
    ],
)
def test_a_failure_is_mended_where_it_is(uv_error: str, fix: str, checkout: Checkout) -> None:
    """Advice on the network does not help against a full disk."""
    checkout.let_sync(f"echo '{uv_error}' >&2; exit 2")
    code, output = checkout.setup()
    assert code == 1
    assert uv_error in output
    assert fix in output.splitlines()[-1]
    assert "Traceback" not in output


@pytest.mark.parametrize(
    "cache", ["{root}/bootstrap.py", "{root}/bootstrap.py/below", "/proc/cache", "~nobody-at-all/x"]
)
def test_a_cache_that_cannot_be_written_is_named_with_its_variable(cache: str, checkout: Checkout) -> None:
    code, output = checkout.setup(FAWKES_CACHE_DIR=cache.format(root=checkout.root))
    assert code == 1
    assert "FAWKES_CACHE_DIR" in output.splitlines()[-1]
    assert "network" not in output
    assert "Traceback" not in output


def test_a_python_without_ensurepip_is_said_to_be_one(checkout: Checkout, tmp_path: Path) -> None:
    """Debian's Python has neither by default."""
    program = (
        "import importlib.util, sys; found = importlib.util.find_spec; "
        "importlib.util.find_spec = lambda name: None if name == 'ensurepip' else found(name); "
        "import make_venv; sys.exit(make_venv.main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=checkout.root,
        env={**os.environ, "FAWKES_CACHE_DIR": str(tmp_path / "empty")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "lacks venv or ensurepip" in done.stderr
    assert "apt-get install python3-venv" in done.stderr


def test_a_user_without_a_home_is_asked_for_a_folder(checkout: Checkout) -> None:
    """Containers run users without one."""
    if os.geteuid() != 0:
        pytest.skip("only root may become somebody else")
    done = subprocess.run(
        [sys.executable, "-c", "import os, make_venv; os.setuid(4_000_000); make_venv._cache()"],
        cwd=checkout.root,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "SetupError: ~/.cache/fawkes-tracing cannot be resolved" in done.stderr


def test_a_python_that_is_too_old_can_read_the_file_that_says_so() -> None:
    """It may contain no annotations, no f-strings and only ASCII."""
    text = (REPO / "bootstrap.py").read_text(encoding="ascii")
    assert "is too old: 3.11 or newer is needed" in text
    for node in ast.walk(ast.parse(text)):
        assert not isinstance(node, ast.JoinedStr | ast.NamedExpr | ast.AnnAssign)
        assert not isinstance(node, ast.FunctionDef) or node.returns is None


def test_the_lab_without_make_goes_through_the_same_environment(tmp_path: Path) -> None:
    """It works from any folder, with the exit code and output of `python -m lab`."""
    command = [sys.executable, str(REPO / "fawkes"), "path", "no-such-tool"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[1] == "There is no tool 'no-such-tool'."
