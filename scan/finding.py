"""What a scanner found, and what a stack accepts of it."""

import fnmatch
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ACCEPTED_FILE = Path(__file__).with_name("accepted.toml")


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


def accepted(file: Path = ACCEPTED_FILE) -> tuple[Accepted, ...]:
    """Return what is accepted; raise ValueError naming the file and the entry for a wrong one."""
    entries = tomllib.loads(file.read_text(encoding="utf-8")).get("accepted", [])
    return tuple(_entry(file, number, entry) for number, entry in enumerate(entries, 1))


def refused(findings: Iterable[Finding], known: Sequence[Accepted]) -> list[Finding]:
    """Return the findings that nothing accepts, sorted."""
    return sorted(finding for finding in findings if not any(entry.covers(finding) for entry in known))


def _entry(file: Path, number: int, entry: dict[str, object]) -> Accepted:
    tool, check, resources, reason = (entry.get(key) for key in ("tool", "check", "resources", "reason"))
    texts = all(isinstance(text, str) and text for text in (tool, check, reason))
    if (
        not texts
        or not isinstance(resources, list)
        or not resources
        or len(entry) != len(Accepted.__annotations__)
    ):
        raise ValueError(
            f"{file.name}: entry {number} is {entry}; it needs exactly the texts tool, check and reason, and "
            "resources, a list of logical names."
        )
    return Accepted(str(tool), str(check), tuple(map(str, resources)), str(reason))
