"""Make `.venv` from nothing but Python: uv in a private folder, then exactly what requirements.lock pins.

Run by the Makefile. Uses the standard library alone, because nothing else is there yet.
"""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

REPO = Path(__file__).resolve().parent
_UV_LOCK = REPO / "requirements-uv.lock"
_LOCK = REPO / "requirements.lock"
_VENV = REPO / ".venv"
# Holds the lock's digest, so that an unchanged environment costs nothing.
_STAMP = _VENV / ".requirements.sha256"
_OLDEST = (3, 11)


def main() -> int:
    """Make or update `.venv`; return 0, or 1 with a sentence that says what to do."""
    if sys.version_info < _OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        print(
            f"Python {found} is too old: 3.11 or newer is needed. Name one: make PYTHON=python3.12",
            file=sys.stderr,
        )
        return 1
    wanted = hashlib.sha256(_LOCK.read_bytes() + sys.version.encode()).hexdigest()
    if _STAMP.is_file() and _STAMP.read_text() == wanted:
        return 0
    try:
        uv = _uv()
        _run([str(uv), "venv", "--quiet", "--clear", "--python", sys.executable, str(_VENV)])
        print("Installing the locked Python packages …", file=sys.stderr)
        _run([str(uv), "pip", "sync", "--quiet", "--require-hashes", "--python", str(_VENV), str(_LOCK)])
    except (subprocess.CalledProcessError, OSError) as error:
        print(f"The Python environment could not be made: {error}", file=sys.stderr)
        print("Check the network and the free disk space, then run the same command again.", file=sys.stderr)
        return 1
    _STAMP.write_text(wanted)
    return 0


def _uv() -> Path:
    """Return uv of the locked version, installed into the user's cache unless it is there."""
    version = hashlib.sha256(_UV_LOCK.read_bytes()).hexdigest()[:12]
    folder = _cache() / f"uv-{version}"
    uv = folder / "bin" / "uv"
    if not uv.is_file():
        print("Installing uv into a private environment …", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        _run([*pip, "--require-hashes", "--only-binary", ":all:", "--requirement", str(_UV_LOCK)])
    return uv


def _cache() -> Path:
    """Return the project's cache folder; `lab/paths.py` says the same with a library."""
    named = os.environ.get("FAWKES_CACHE_DIR")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(named).expanduser() if named else Path(base) / "fawkes-tracing"


def _run(command: list[str]) -> None:
    # uv must not fetch a Python of its own: the one that runs this is the one that was chosen.
    subprocess.run(command, check=True, env={**os.environ, "UV_PYTHON_DOWNLOADS": "never"})


if __name__ == "__main__":
    sys.exit(main())
