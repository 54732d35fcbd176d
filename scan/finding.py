"""What a scanner found, and what a stack accepts of it."""

import fnmatch
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from lab.errors import LabError

ACCEPTED_FILE = Path(__file__).with_name("accepted.toml")
_FORM = (
    "Allowed are entries `[[accepted]]` with exactly the texts tool, check and reason, and resources, a list of "
    "logical names."
)


@dataclass(frozen=True, order=True)
class Finding:
    """A check that a resource, given by its logical name, does not pass."""

    tool: str
    check: str
    resource: str
    sentence: str


@dataclass(frozen=True)
class Report:
    """What a scanner says about a set of resources: how many checks passed, and what it found."""

    passed: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Accepted:
    """Findings of one check that stay, and why: `resources` are logical names, in which `*` is any text."""

    tool: str
    check: str
    resources: tuple[str, ...]
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Return whether this accepts a finding."""
        same = (self.tool, self.check) == (finding.tool, finding.check)
        return same and any(fnmatch.fnmatchcase(finding.resource, pattern) for pattern in self.resources)


_FIELDS = {field.name for field in fields(Accepted)}


def accepted(file: Path = ACCEPTED_FILE) -> tuple[Accepted, ...]:
    """Return what is accepted; raise LabError naming the file and the entry for a wrong one."""
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LabError(f"{file} is not TOML: {error}.", "Correct it at that place.") from error
    entries = tables.get("accepted")
    if set(tables) != {"accepted"} or not isinstance(entries, list):
        raise LabError(f"{file} has {', '.join(tables) or 'nothing'} at its top.", _FORM)
    return tuple(_entry(file, number, entry) for number, entry in enumerate(entries, 1))


def refused(findings: Iterable[Finding], known: Sequence[Accepted]) -> list[Finding]:
    """Return the findings that nothing accepts, sorted."""
    return sorted(finding for finding in findings if not any(entry.covers(finding) for entry in known))


def _entry(file: Path, number: int, entry: object) -> Accepted:
    table = entry if isinstance(entry, dict) else {}
    resources = table.get("resources")
    texts = [table.get("tool"), table.get("check"), table.get("reason")]
    names = resources if isinstance(resources, list) and resources else [None]
    if set(table) != _FIELDS or not all(isinstance(text, str) and text for text in [*texts, *names]):
        raise LabError(f"Entry {number} of {file} is {entry}.", _FORM)
    return Accepted(**{**table, "resources": tuple(names)})
