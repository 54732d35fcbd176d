"""Each folder has one job, and imports go one way: read from the source, so that no run can miss it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from settings.project import REPO
from tests.support.stacks import STACKS

# What each folder may import of this repository; data flows down this list.
MAY_IMPORT = {
    "settings": {"settings"},
    "plan": {"settings", "plan"},
    "render": {"settings", "plan", "render"},
    "components": {"settings", "plan", "render", "components"},
    "snapshot": {"settings", "plan", "render", "components", "snapshot"},
    "cli": {"settings", "plan", "render", "snapshot", "cli"},
}
# The older names of commands, which do nothing but call `cli/`.
FORWARDERS = ("settings/__main__.py",)
OWN = {*MAY_IMPORT, "lab", "policies", "dojo", "tests"}
# These work without Pulumi, installed or not.
PURE = ("settings", "plan", "render")
MOST_LINES_OF_THE_PROGRAM = 60


def sources(folder: str) -> list[Path]:
    """Return the Python files of a folder, or the one file of that name."""
    path = REPO / folder
    found = [path] if path.is_file() else sorted(path.rglob("*.py"))
    found = [file for file in found if shown(file) not in FORWARDERS]
    assert found, f"{folder} holds no Python: this test would say nothing"
    return found


def imports(path: Path) -> Iterator[str]:
    """Yield the top package of every import in a file, also those inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield str(node.module).partition(".")[0]


def shown(path: Path) -> str:
    """Return a path as people write it."""
    return str(path.relative_to(REPO))


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_a_folder_imports_only_what_is_above_it(folder: str) -> None:
    allowed = MAY_IMPORT[folder]
    wrong = {shown(path): found for path in sources(folder) if (found := {*imports(path)} & OWN - allowed)}
    assert wrong == {}


@pytest.mark.parametrize("folder", PURE)
def test_what_is_pure_knows_nothing_of_pulumi(folder: str) -> None:
    wrong = [shown(path) for path in sources(folder) if any(name.startswith("pulumi") for name in imports(path))]
    assert wrong == []


def test_the_program_does_without_the_lab() -> None:
    assert "lab" not in set(imports(REPO / "__main__.py"))


def test_the_program_stays_short() -> None:
    lines = (REPO / "__main__.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MOST_LINES_OF_THE_PROGRAM


@pytest.mark.parametrize("folder", [*PURE, "components", "__main__.py"])
def test_no_code_knows_an_environment_by_its_name(folder: str) -> None:
    """An environment is data: whatever differs between two of them is a setting."""
    wrong = {shown(path): found for path in sources(folder) if (found := names_of_environments(path))}
    assert wrong == {}


def names_of_environments(path: Path) -> list[str]:
    """Return the literals of a file that are an environment's name; texts for people are none."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return [f"line {n.lineno}: {n.value}" for n in nodes if isinstance(n, ast.Constant) and n.value in STACKS]
