"""Create `.venv` with nothing but Python: install uv into a private folder, then sync requirements.lock exactly.

Run by `bootstrap.py`. Imports only the standard library and modules of `cli/` that do the same, because no package
is installed yet.
"""

import errno
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from cli.command import INTERRUPTED, reason_of, refusal_of_the_system
from cli.failures import DISK_FULL, INDEX_TROUBLE, NOT_WRITABLE
from cli.lock import exclusive

REPO = Path(__file__).resolve().parent
_UV_LOCK = REPO / "requirements-uv.lock"
_LOCK = REPO / "requirements.lock"
_VENV = REPO / ".venv"
# Hash of the inputs of the environment, so that an unchanged one costs nothing; written last.
_STAMP = _VENV / ".requirements.sha256"
# Less than uv alone needs.
_MIN_FREE_BYTES = 50_000_000


class SetupError(Exception):
    """Two sentences for a person: what is wrong, and how to fix it."""

    def __init__(self, what: str, fix: str) -> None:
        """Keep both, a line each."""
        super().__init__(f"{what}\n{fix}")


def main() -> int:
    """Create or update `.venv`; return 0, 1 after printing what to do, or 130 when interrupted."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _ensure()
    except KeyboardInterrupt:
        print("\nInterrupted. Run the same command again to resume.", file=sys.stderr)
        return INTERRUPTED
    except (SetupError, OSError) as error:
        cause = "\n".join(refusal_of_the_system(error)) if isinstance(error, OSError) else error
        print(f"The Python environment could not be created.\n{cause}", file=sys.stderr)
        return 1
    return 0


def _ensure() -> None:
    # The scripts in an environment contain its path, so a clone that was moved or copied needs a new one;
    # so does one whose Python is gone.
    wanted = hashlib.sha256(_LOCK.read_bytes() + f"{sys.version}\n{_VENV}".encode()).hexdigest()
    if _is_current(wanted):
        return
    notice = "Waiting: another process is creating the Python environment …"
    with exclusive(_LOCK, lambda: print(notice, file=sys.stderr)):
        # Another process may have created it during the wait.
        if not _is_current(wanted):
            _create()
            _STAMP.write_text(wanted, encoding="utf-8")


def _is_current(wanted: str) -> bool:
    try:
        return _STAMP.read_text(encoding="utf-8") == wanted and (_VENV / "bin" / "python").exists()
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
        return False


def _create() -> None:
    """Recreate the environment. The old one loses its stamp before anything in it is touched."""
    _check_writable(REPO, "The environment is created in the checkout: work in a copy that you own.")
    # A file, or a link whose target is missing.
    if not _VENV.is_dir():
        _VENV.unlink(missing_ok=True)
    _STAMP.unlink(missing_ok=True)
    uv = str(installed_uv())
    run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(_VENV)])
    print("Installing the locked Python packages …", file=sys.stderr)
    run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(_VENV), str(_LOCK)])


def installed_uv() -> Path:
    """Return uv of the locked version, installed into the user's cache if it is missing."""
    version = hashlib.sha256(_UV_LOCK.read_bytes()).hexdigest()[:12]
    cache = _cache()
    folder = cache / f"uv-{version}"
    uv = folder / "bin" / "uv"
    if not _runs(uv):
        _install_uv(cache, folder)
    return uv


def _runs(uv: Path) -> bool:
    """Return whether uv is installed completely."""
    try:
        return not subprocess.run([uv, "--version"], capture_output=True, check=False).returncode
    except OSError:
        return False


def _install_uv(cache: Path, folder: Path) -> None:
    """Install uv in a scratch folder and rename that: an interruption leaves nothing that looks complete."""
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        raise SetupError(
            f"{sys.executable} lacks venv or ensurepip, which the first environment requires.",
            "Install them (on Debian and Ubuntu: `apt-get install python3-venv`) or choose another Python: "
            "make PYTHON=python3.12",
        )
    _check_writable(cache, "Name another folder in FAWKES_CACHE_DIR.")
    print("Installing uv into a private environment …", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix=".uv-partial-", dir=cache, ignore_cleanup_errors=True) as scratch:
        run([sys.executable, "-m", "venv", scratch])
        pip = [f"{scratch}/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--require-hashes", "--only-binary", ":all:", "--requirement", str(_UV_LOCK)])
        # Only the program itself is used from here on, and it runs from any path.
        shutil.rmtree(folder, ignore_errors=True)
        complete = Path(scratch) / "complete"
        (complete / "bin").mkdir(parents=True)
        (Path(scratch) / "bin" / "uv").rename(complete / "bin" / "uv")
        try:
            complete.rename(folder)
        except OSError as error:
            # Another process may have installed the same uv a moment ago.
            if error.errno not in {errno.EEXIST, errno.ENOTEMPTY}:
                raise


def _check_writable(folder: Path, fix: str) -> None:
    """Create a folder if it is missing; raise SetupError when nothing can be created in it."""
    if folder.exists() and not folder.is_dir():
        raise SetupError(f"{folder} is not a folder.", fix)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # The mode does not tell: root may write anywhere but on a read-only file system.
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise SetupError(f"{folder} cannot be written: {reason_of(error)}.", fix) from error


def _cache() -> Path:
    """Return the project's cache folder; `lab/paths.py` computes the same with a library."""
    named = os.environ.get("FAWKES_CACHE_DIR", "").strip()
    base = os.environ.get("XDG_CACHE_HOME", "").strip() or "~/.cache"
    folder = Path(named) if named else Path(base) / "fawkes-tracing"
    try:
        return folder.expanduser().resolve()
    except RuntimeError as error:
        raise SetupError(f"{folder} cannot be resolved: {error}", "Name a folder in FAWKES_CACHE_DIR.") from error


def run(command: list[str]) -> None:
    """Run a program; raise SetupError with its output when it fails."""
    # uv must not download a Python of its own: the environment is for the Python that runs this.
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    done = subprocess.run(
        command,
        check=False,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        raise _failure(command, done.stderr)


def _failure(command: list[str], output: str) -> SetupError:
    """Return the error for a program that failed; its output decides the fix."""
    # pip prints five tries; the last one is enough.
    lines = [line for line in output.splitlines() if line.strip() and not line.startswith("WARNING: Retrying")]
    lines = lines or ["it printed nothing"]
    what = f"`{' '.join(command)}` failed:\n" + "\n".join(f"  {line.strip()}" for line in lines[-10:])
    # Python's venv hides why its pip could not be unpacked, so the free space is checked too.
    free = min(shutil.disk_usage(folder).free for folder in (REPO, _cache()))
    if DISK_FULL.search(output) or free < _MIN_FREE_BYTES:
        fix = f"The disk is full: free 2 GB below {REPO} and {_cache()}, or name another cache in FAWKES_CACHE_DIR"
    elif NOT_WRITABLE.search(output):
        fix = "Correct the owner or mode of the file it names; FAWKES_CACHE_DIR and UV_CACHE_DIR name other caches"
    elif INDEX_TROUBLE.search(output):
        fix = "Check the network, a proxy (HTTPS_PROXY), and the package index (PIP_INDEX_URL, UV_DEFAULT_INDEX)"
    else:
        fix = "Fix what it reports"
    return SetupError(what, f"{fix}; then run the same command again.")


if __name__ == "__main__":
    sys.exit(main())
