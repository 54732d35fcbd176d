"""Every setting has an effect: code outside its own checks reads it, or there is a stated reason why not."""

import ast
from pathlib import Path

import pytest
from pydantic import BaseModel

from settings.project import REPO
from settings.stack import StackSettings
from tests.support.documents import leaves

# Folders that turn settings into numbers, configuration and resources; `settings/checks/` is not among them.
USED_BY = ("plan", "render", "components", "__main__.py")
# Models with properties and methods that read settings for those folders.
MODELS = ("cluster.py", "tempo.py", "images.py", "retention.py")
# Settings that none of these folders read, with the reason.
EXCEPTIONS = {"retention.aggregated_metrics_days": "only feeds the cross-checks, as its description says"}


def names_read(file: Path) -> set[str]:
    """Return the attribute names that a file reads. The object is not looked at, so a name may be shared."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }


def names_used() -> set[str]:
    """Return the attribute names that the program reads outside the checks."""
    paths = [REPO / name for name in USED_BY]
    files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*.py"))]
    files += [REPO / "settings" / name for name in MODELS]
    return set().union(*map(names_read, files))


SETTINGS = sorted(set(leaves(StackSettings)))
USED = names_used()


@pytest.mark.parametrize("path", [path for path in SETTINGS if path not in EXCEPTIONS])
def test_a_setting_is_read_outside_its_checks(path: str) -> None:
    assert path.rpartition(".")[2] in USED


def test_a_setting_that_nobody_reads_would_be_found() -> None:
    class Unused(BaseModel):
        """A section with a setting that nothing reads."""

        favourite_colour_of_the_gateway: str

    assert [path for path in leaves(Unused) if path not in USED] == ["favourite_colour_of_the_gateway"]


def test_no_exception_outlives_its_setting() -> None:
    assert set(EXCEPTIONS) <= set(SETTINGS)
    assert {path for path in EXCEPTIONS if path.rpartition(".")[2] in USED} == set()


def test_the_settings_are_found_at_all() -> None:
    assert len(SETTINGS) > 80
    assert "object_store.minio.resources.memory_limit_mib" in SETTINGS
