"""Each folder has one job, and imports go one way; the source is read, so no import is missed."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from settings.project import REPO
from tests.support.stacks import STACKS

# The folders of this repository that each folder may import; data flows down this list.
MAY_IMPORT = {
    "settings": {"settings"},
    "plan": {"settings", "plan"},
    "render": {"settings", "plan", "render"},
    "components": {"settings", "plan", "render", "components"},
    # Deployed as it is, beside Python alone.
    "synthetic": {"synthetic"},
    "snapshot": {"settings", "plan", "render", "components", "snapshot"},
    "cli": {"settings", "plan", "render", "snapshot", "cli"},
    "ready": {"settings", "plan", "render", "snapshot", "cli", "ready"},
    # A policy that reads the rendered value that it checks would agree with itself.
    "policies": {"settings", "plan", "policies"},
    "review": {"settings", "plan", "render", "snapshot", "policies", "cli", "review"},
    # Planned.
    "dojo": {"settings", "lab", "dojo"},
    "bench": {"settings", "plan", "render", "review", "cli", "lab", "bench"},
    "scan": {"settings", "snapshot", "cli", "lab", "scan"},
    "lab": {"settings", "plan", "render", "cli", "snapshot", "review", "lab"},
}
THERE = [folder for folder in MAY_IMPORT if (REPO / folder).is_dir()]
# The subfolders of the same folder that each subfolder may import.
SUBFOLDERS = {
    "plan": {"tempo": set(), "cost": {"tempo"}},
    "render": {
        "tempo": set(),
        "collectors": set(),
        "storage": {"tempo"},
        "access": {"tempo"},
        "network": {"access", "tempo"},
        "grafana": {"access", "collectors", "tempo"},
    },
    "components": {
        "kubernetes": set(),
        "storage": {"kubernetes"},
        "tempo": {"kubernetes", "storage"},
        "certificates": {"kubernetes"},
        "access": {"kubernetes"},
        "collectors": {"kubernetes"},
        "network": {"kubernetes"},
        "grafana": {"kubernetes"},
        "synthetic": {"kubernetes"},
    },
}
# The former names of commands, which only call `cli/`.
FORWARDERS = ("settings/__main__.py",)
OWN = {*MAY_IMPORT, "tests"}
# These work without Pulumi, installed or not.
PURE = ("settings", "plan", "render")
MAX_PROGRAM_LINES = 60


def sources(folder: str) -> list[Path]:
    """Return the Python files of a folder, or the one file of that name."""
    path = REPO / folder
    found = [path] if path.is_file() else sorted(path.rglob("*.py"))
    found = [file for file in found if shown(file) not in FORWARDERS]
    assert found, f"{folder} holds no Python: this test would check nothing"
    return found


def imports(path: Path) -> Iterator[str]:
    """Yield the top package of every import in a file, also those inside functions."""
    yield from (module.partition(".")[0] for module in imported_modules(path))


def imported_modules(path: Path) -> Iterator[str]:
    """Yield the dotted name of everything that a file imports: modules, and members of modules."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def shown(path: Path) -> str:
    """Return a path relative to the repository."""
    return str(path.relative_to(REPO))


def names_of_environments(path: Path) -> list[str]:
    """Return the literals of a file that are an environment's name; longer strings for people are not."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return [f"line {n.lineno}: {n.value}" for n in nodes if isinstance(n, ast.Constant) and n.value in STACKS]


def test_every_folder_with_code_has_a_rule() -> None:
    """A new folder is decided on here, and in CONTRIBUTING.md, before it has its first file."""
    with_code = {path.relative_to(REPO).parts[0] for path in REPO.glob("*/*.py")}
    with_code |= {path.relative_to(REPO).parts[0] for path in REPO.glob("*/*/*.py")}
    assert {name for name in with_code if not name.startswith(".")} == {*THERE, "tests"}


@pytest.mark.parametrize("folder", SUBFOLDERS)
def test_every_subfolder_with_code_has_a_rule(folder: str) -> None:
    with_code = {path.parent.name for path in (REPO / folder).glob("*/*.py")}
    assert with_code <= set(SUBFOLDERS[folder])


@pytest.mark.parametrize("folder", SUBFOLDERS)
def test_a_subfolder_imports_only_the_subfolders_below_it(folder: str) -> None:
    """Otherwise subfolders could come to import each other in circles."""
    subfolders = SUBFOLDERS[folder]
    for name, allowed in subfolders.items():
        for path in sorted((REPO / folder / name).rglob("*.py")):
            parts = [module.split(".") for module in imported_modules(path)]
            found = {part[1] for part in parts if part[0] == folder and len(part) > 1} & set(subfolders)
            assert found <= allowed | {name}, shown(path)


@pytest.mark.parametrize("folder", THERE)
def test_a_folder_imports_only_what_is_above_it(folder: str) -> None:
    """Data flows one way, so a reader finds the source of a value by following the imports."""
    allowed = MAY_IMPORT[folder]
    wrong = {shown(path): found for path in sources(folder) if (found := {*imports(path)} & OWN - allowed)}
    assert wrong == {}


def test_what_runs_beside_python_alone_needs_nothing_else() -> None:
    """Its image holds no package."""
    needed = {name for path in sources("synthetic") for name in imports(path)} - {"synthetic"}
    assert needed <= sys.stdlib_module_names


@pytest.mark.parametrize("folder", PURE)
def test_what_is_pure_knows_nothing_of_pulumi(folder: str) -> None:
    """Settings, plan and rendered config can then be checked in milliseconds, without an engine."""
    wrong = [shown(path) for path in sources(folder) if any(name.startswith("pulumi") for name in imports(path))]
    assert wrong == []


def test_the_program_does_without_the_lab() -> None:
    """The lab can be deleted without a change of the product."""
    assert "lab" not in set(imports(REPO / "__main__.py"))


def test_the_program_stays_short() -> None:
    """It only connects the components; logic in it could not be tested by itself."""
    lines = (REPO / "__main__.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MAX_PROGRAM_LINES


@pytest.mark.parametrize("folder", [*PURE, "components", "__main__.py"])
def test_no_code_knows_an_environment_by_its_name(folder: str) -> None:
    """An environment is data: whatever differs between two of them is a setting."""
    wrong = {shown(path): found for path in sources(folder) if (found := names_of_environments(path))}
    assert wrong == {}
