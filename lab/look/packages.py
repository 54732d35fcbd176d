"""The page's one package, uPlot: fetched by npm as `look/package-lock.json` pins it, and kept in the cache."""

from collections.abc import Mapping
from pathlib import Path

from lab.progress import Progress
from lab.toolchain.npm import locked_modules
from settings.project import REPO

LOOK = REPO / "look"
# What the page loads of it.
_FILES = ("uPlot.esm.js", "uPlot.min.css")


def package_files(progress: Progress) -> Mapping[str, Path]:
    """Return uPlot's files by the path at which they are served; fetch them the first time.

    Raises LabError when npm is missing and cannot be installed, or when it cannot fetch what the lock file pins.
    """
    folder = locked_modules("uplot", LOOK, "the page's package", progress)
    return {f"/{name}": folder / "node_modules" / "uplot" / "dist" / name for name in _FILES}


def page_files() -> Mapping[str, Path]:
    """Return the page's own files by the path at which they are served."""
    files = {
        f"/{file.name}": file for file in (LOOK / "page").iterdir() if file.suffix in {".css", ".html", ".js"}
    }
    return files | {"/": files["/index.html"]}
