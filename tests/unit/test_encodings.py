"""Every text file is read and written with an explicit encoding: without one, the machine's locale decides.

Ruff's PLW1514 checks the same for paths of known type; this goes by names alone, so it finds all of them.
"""

import ast
from collections.abc import Iterator

import pytest

from settings.project import REPO

NAMES = {"open", "read_text", "write_text"}
# Their `open` does not open text files.
OTHERS = ("tarfile.", "zipfile.", "os.")


def calls_without(source: str) -> Iterator[int]:
    """Yield the line numbers of calls without an encoding."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and is_text(node) and not any(k.arg == "encoding" for k in node.keywords):
            yield node.lineno


def is_text(call: ast.Call) -> bool:
    """Return whether a call opens, reads or writes a file as text."""
    called = ast.unparse(call.func)
    if called.rpartition(".")[2] not in NAMES or called.startswith(OTHERS):
        return False
    if not called.endswith("open"):
        return True
    modes = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "mode")]
    return not any(isinstance(m, ast.Constant) and isinstance(m.value, str) and "b" in m.value for m in modes)


def test_every_text_names_its_encoding() -> None:
    files = [file for top in REPO.glob("[!.]*") for file in ([top] if top.is_file() else top.rglob("*.py"))]
    sources = {str(f.relative_to(REPO)): f.read_text(encoding="utf-8") for f in files if f.suffix == ".py"}
    assert len(sources) > 300
    found = {name: lines for name, source in sources.items() if (lines := [*calls_without(source)])}
    assert found == {}


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("file.read_text()", [1]),
        ("open(file)", [1]),
        ("Path('a').write_text(text)", [1]),
        ("(folder / 'a').open('w')", [1]),
        ("file.read_text(encoding='utf-8')", []),
        ("file.open('rb')", []),
        ("tarfile.open(archive)", []),
        ("file.read_bytes()", []),
    ],
)
def test_a_text_without_one_would_be_found(source: str, lines: list[int]) -> None:
    assert [*calls_without(source)] == lines
