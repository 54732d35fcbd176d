"""Tools and a fake go command, for tests of the lab's build queue."""

from pathlib import Path

from lab.progress import Progress
from lab.toolchain.queue import BuildQueue
from lab.toolchain.tools import Program, Tool

# A fake go command: it logs each call, answers `list`, and "compiles" a file that contains its package's name.
FAKE_GO = """\
echo "$*" >> {folder}/calls
case "$1 $4" in
  "list -deps")
    # `unreachable` as a file fails the first try only, as a folder every try.
    [ ! -e {folder}/unreachable ] || {{
      rm -f {folder}/unreachable 2>&-; echo "dial tcp: lookup modules.example: no such host"; exit 1; }}
    echo fmt; echo example.org/$5 ;;
  "list -m") echo {folder}/dependency ;;
  "build -v")
    while [ "$1" != -o ]; do shift; done
    echo example.org/$3
    [ "$3" != ./broken ] || {{ echo "./main.go:1: broken on purpose"; exit 1; }}
    [ "$3" != ./slow ] || {{ echo started > {folder}/started; sleep 300; }}
    echo "$3" > "$2" ;;
esac
"""


def tool(name: str, **changes: object) -> Tool:
    """Return a tool of one program."""
    fields: dict[str, object] = {
        "name": name,
        "version": "1.0",
        "licence": "Apache-2.0",
        "programs": (Program(binary=name, module="all", package=f"./{name}"),),
    }
    return Tool(**(fields | changes))  # type: ignore[arg-type]


def ensure(name: str, progress: Progress) -> Path:
    """Return the tool's first program, built if it is missing."""
    with BuildQueue(progress, [name]) as queue:
        return queue.wait(name)


def builds(folder: Path) -> list[str]:
    """Return the arguments of each build that the fake go command of this folder was called for."""
    calls = folder / "calls"
    lines = calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []
    return [call for call in lines if call.startswith("build")]
