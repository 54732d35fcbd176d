"""`python -m tests.support.seed_table`: write what the rules say of each seed into docs/policy-seeds.md."""

import re
from collections.abc import Iterator

from policies.catalogue import families
from policies.pages import MARKER
from policies.resources import Stack
from scan.checkov import TOOL
from scan.finding import accepted
from settings.project import REPO
from tests.seeds.all_seeds import all_seeds
from tests.seeds.seed import Seed
from tests.support.checkov_record import recorded_findings
from tests.support.seed_groups import said_of
from tests.support.seeded import seeded

PAGE = REPO / "docs" / "policy-seeds.md"
# What Markdown would take for the end of a cell, for a tag or for emphasis.
_SPECIAL = re.compile(r"[|<*]")


def main() -> None:
    """Rewrite the generated part of the page."""
    by_hand, _, _ = PAGE.read_text(encoding="utf-8").partition(MARKER)
    PAGE.write_text(f"{by_hand}{MARKER}{table()}", encoding="utf-8")


def table() -> str:
    """Return the tables of all seeds by the family of their rules."""
    family_of = {rule.name: family for family, rules in families().items() for rule in rules}
    lines = [*side_by_side()]
    for family in families():
        of_family = [seed for seed in all_seeds() if family_of[seed.rule] == family]
        if of_family:
            head = [
                f"\n## {family.capitalize()}\n",
                "| seed | stack | rule | what it says | checkov |",
                "|---|---|---|---|---|",
            ]
            lines += [*head, *_rows(of_family)]
    return "\n".join([*lines, ""])


def side_by_side() -> Iterator[str]:
    """Yield how many seeds the rules refuse and checkov notices, and what checkov alone finds."""
    noticed = sum(bool(found) for found in recorded_findings().values())
    yield f"\nSeeds: {len(all_seeds())}. The rules refuse {len(all_seeds())}, checkov notices {noticed}.\n"
    yield "What checkov finds in the committed stacks, and why no rule refuses it (`scan/accepted.toml`):\n"
    for entry in accepted():
        if entry.tool == TOOL:
            yield f"- {entry.check}, {', '.join(f'`{name}`' for name in entry.resources)}: {entry.reason}"


def _rows(seeds: list[Seed]) -> Iterator[str]:
    for seed in sorted(seeds, key=lambda seed: (seed.rule, seed.stack, seed.name)):
        yield row(seed, seeded(seed))


def row(seed: Seed, broken: Stack) -> str:
    """Return a seed's row, with what its rule says of the stack that it broke; ValueError if that is nothing."""
    cells = (
        seed.name,
        seed.stack,
        f"[{seed.rule}](policies.md#{seed.rule})",
        f"`{seed.resource or 'the stack'}`: {_sentence(seed, broken)}",
        _noticed(seed),
    )
    return f"| {' | '.join(_SPECIAL.sub(_escaped, cell) for cell in cells)} |"


def _noticed(seed: Seed) -> str:
    """Return the checks of checkov that a seed fails; a test demands that each seed is compared."""
    found = recorded_findings().get(seed.name)
    return "not compared" if found is None else ", ".join(sorted({check for check, _, _ in found}))


def _escaped(found: re.Match[str]) -> str:
    return "&lt;" if found[0] == "<" else f"\\{found[0]}"


def _sentence(seed: Seed, broken: Stack) -> str:
    for found in said_of(seed, broken):
        if (found.resource.name if found.resource else "") == seed.resource and seed.says in found.sentence:
            return found.sentence
    raise ValueError(f"no rule refuses the seed {seed.name!r}; see tests/unit/policies/test_seeds.py")


if __name__ == "__main__":
    main()
