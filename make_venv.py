"""Make `.venv` from nothing but Python: uv in a private folder, then exactly what requirements.lock pins.

Run by `bootstrap.py`. Uses the standard library alone, because nothing else is there yet.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

REPO = Path(__file__).resolve().parent
_UV_LOCK = REPO / "requirements-uv.lock"
_LOCK = REPO / "requirements.lock"
_VENV = REPO / ".venv"
# Says of what the environment was made, so that an unchanged one costs nothing; written last.
_STAMP = _VENV / ".requirements.sha256"
_INTERRUPTED = 130
# Less than uv alone takes.
_LEAST_BYTES = 50_000_000
_FULL = re.compile(r"no space left on device|os error 28|disk quota exceeded", re.IGNORECASE)
_UNWRITABLE = re.compile(r"permission denied|read-only file system|os error (13|30)\b", re.IGNORECASE)
# What pip and uv say when they reach no index, or one that does not have the package.
_INDEX = re.compile(
    r"connection|resolve|resolution|timed out|unreachable|certificate|proxy|forbidden|no matching distribution"
    r"|error sending request|failed to (fetch|download)|no solution found|status code",
    re.IGNORECASE,
)


class SetupError(Exception):
    """Two sentences for a person: what is wrong, and how to mend it."""

    def __init__(self, what: str, fix: str) -> None:
        """Keep both, a line each."""
        super().__init__(f"{what}\n{fix}")


def main() -> int:
    """Make or update `.venv`; return 0, 1 with two sentences that say what to do, or 130 when interrupted."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _ensure()
    except KeyboardInterrupt:
        print("\nInterrupted. Run the same command again: it goes on from here.", file=sys.stderr)
        return _INTERRUPTED
    except SetupError as error:
        print(f"The Python environment could not be made.\n{error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The Python environment could not be made.\n{_refused(error)}", file=sys.stderr)
        return 1
    return 0


def _ensure() -> None:
    # Tools are started by scripts that name the environment's place, so a clone that was moved or copied needs a
    # new one; and so does one whose Python is gone.
    wanted = hashlib.sha256(_LOCK.read_bytes() + f"{sys.version}\n{_VENV}".encode()).hexdigest()
    if _is_made(wanted):
        return
    with _alone():
        # Another process may have made it while this one waited.
        if not _is_made(wanted):
            _make()
            _STAMP.write_text(wanted, encoding="utf-8")


def _is_made(wanted: str) -> bool:
    try:
        return _STAMP.read_text(encoding="utf-8") == wanted and (_VENV / "bin" / "python").exists()
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
        return False


def _make() -> None:
    """Make the environment anew. Whatever was there stops being a whole one before anything of it is touched."""
    _check_writable(REPO, "The environment is made in the checkout: work in a copy that is yours.")
    # A file, or a link that leads nowhere.
    if not _VENV.is_dir():
        _VENV.unlink(missing_ok=True)
    _STAMP.unlink(missing_ok=True)
    uv = str(_uv())
    _run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(_VENV)])
    print("Installing the locked Python packages …", file=sys.stderr)
    _run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(_VENV), str(_LOCK)])


def _uv() -> Path:
    """Return uv of the locked version, installed into the user's cache unless it is there."""
    version = hashlib.sha256(_UV_LOCK.read_bytes()).hexdigest()[:12]
    cache = _cache()
    folder = cache / f"uv-{version}"
    uv = folder / "bin" / "uv"
    if not _runs(uv):
        _install_uv(cache, folder)
    return uv


def _runs(uv: Path) -> bool:
    """Say whether uv is there and whole."""
    try:
        return not subprocess.run([uv, "--version"], capture_output=True, check=False).returncode
    except OSError:
        return False


def _install_uv(cache: Path, folder: Path) -> None:
    """Install uv beside its folder and move it there: an interruption leaves nothing that looks whole."""
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        raise SetupError(
            f"{sys.executable} comes without venv or ensurepip, which the first environment is made with.",
            "Install them, on Debian and Ubuntu by `apt-get install python3-venv`, or name another Python: "
            "make PYTHON=python3.12",
        )
    _make_cache(cache)
    print("Installing uv into a private environment …", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix=".uv-partial-", dir=cache, ignore_cleanup_errors=True) as scratch:
        _run([sys.executable, "-m", "venv", scratch])
        pip = [f"{scratch}/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run([*pip, "--require-hashes", "--only-binary", ":all:", "--requirement", str(_UV_LOCK)])
        # Only the program itself is used from here on, and it does not mind where it is.
        shutil.rmtree(folder, ignore_errors=True)
        whole = Path(scratch) / "whole"
        (whole / "bin").mkdir(parents=True)
        (Path(scratch) / "bin" / "uv").rename(whole / "bin" / "uv")
        # Another process may have been as far a moment ago; its uv is the same one.
        with contextlib.suppress(FileExistsError):
            _moved(whole, folder)


def _moved(source: Path, target: Path) -> None:
    try:
        source.rename(target)
    except OSError as error:
        if error.errno == errno.ENOTEMPTY:
            raise FileExistsError from error
        raise


def _make_cache(cache: Path) -> None:
    fix = "Name another folder in FAWKES_CACHE_DIR."
    if cache.exists() and not cache.is_dir():
        raise SetupError(f"The cache {cache} is no folder.", fix)
    with contextlib.suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
    _check_writable(cache, fix)


def _check_writable(folder: Path, fix: str) -> None:
    """Raise SetupError when nothing can be made in a folder."""
    place = _existing(folder)
    if place != folder or not os.access(place, os.W_OK | os.X_OK):
        raise SetupError(f"{folder} cannot be written: {_whose(place)}.", fix)


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def _whose(place: Path) -> str:
    found = place.stat()
    names = []
    for number in (found.st_uid, os.geteuid()):
        try:
            names.append(pwd.getpwuid(number).pw_name)
        except KeyError:
            names.append(f"user {number}")
    if names[0] == names[1] or os.geteuid() == 0:
        return f"{place} is read-only (mode {found.st_mode & 0o7777:04o})"
    return f"{place} belongs to {names[0]} (mode {found.st_mode & 0o7777:04o}), this is {names[1]}"


def _cache() -> Path:
    """Return the project's cache folder; `lab/paths.py` says the same with a library."""
    named = os.environ.get("FAWKES_CACHE_DIR", "").strip()
    base = os.environ.get("XDG_CACHE_HOME", "").strip() or "~/.cache"
    folder = Path(named) if named else Path(base) / "fawkes-tracing"
    try:
        return folder.expanduser().resolve()
    except RuntimeError as error:
        raise SetupError(f"{folder} leads nowhere: {error}", "Name a folder in FAWKES_CACHE_DIR.") from error


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Let one process at a time make this checkout's environment."""
    with _LOCK.open("rb") as lock:
        # Some file systems of networks have no locks; there it goes without.
        with contextlib.suppress(OSError):
            _wait_for(lock.fileno())
        yield


def _wait_for(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Waiting: another process is making the Python environment …", file=sys.stderr)
        fcntl.flock(lock, fcntl.LOCK_EX)


def _run(command: list[str]) -> None:
    """Run a program; raise SetupError with what it said when it fails."""
    # uv must not fetch a Python of its own: the one that runs this is the one that was chosen.
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


def _failure(command: list[str], said: str) -> SetupError:
    """Return the error of a program that failed: the fix depends on what it said."""
    # Of five tries of pip's, the last one is enough.
    lines = [line for line in said.splitlines() if line.strip() and not line.startswith("WARNING: Retrying")]
    lines = lines or ["it printed nothing"]
    what = f"`{' '.join(command)}` failed:\n" + "\n".join(f"  {line.strip()}" for line in lines[-10:])
    # Python's own venv does not pass on why its pip could not be unpacked.
    free = min(shutil.disk_usage(folder).free for folder in (REPO, _existing(_cache())))
    if _FULL.search(said) or free < _LEAST_BYTES:
        fix = (
            f"The disk is full: free 2 GB below {REPO} and {_cache()}, or name another cache in FAWKES_CACHE_DIR."
        )
    elif _UNWRITABLE.search(said):
        fix = "Correct the owner or mode of what it names; FAWKES_CACHE_DIR and UV_CACHE_DIR name other caches."
    elif _INDEX.search(said):
        fix = "Check the network, a proxy (HTTPS_PROXY), and the package index (PIP_INDEX_URL, UV_DEFAULT_INDEX)."
    else:
        fix = "Mend what it says"
    return SetupError(what, f"{fix.rstrip('.')}; then run the same command again.")


def _refused(error: OSError) -> SetupError:
    """Return the error for a file that the system refused."""
    path = error.filename or "A file"
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return SetupError(f"{path} cannot be written: the disk is full.", "Free 2 GB, then run this again.")
    return SetupError(
        f"{path} cannot be used: {error.strerror}.", "Correct its owner or mode, then run this again."
    )


if __name__ == "__main__":
    sys.exit(main())
