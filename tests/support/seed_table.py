"""`python -m tests.support.seed_table`: write what the rules say of each seed into docs/policy-seeds.md."""

import re
from collections.abc import Iterator

from policies.catalogue import families
from policies.pages import MARKER
from policies.resources import Stack
from settings.project import REPO
from tests.seeds.all_seeds import all_seeds
from tests.seeds.seed import Seed
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
    lines = [f"\n{len(all_seeds())} seeds.\n"]
    for family in families():
        of_family = [seed for seed in all_seeds() if family_of[seed.rule] == family]
        if of_family:
            head = [f"\n## {family.capitalize()}\n", "| seed | stack | rule | what it says |", "|---|---|---|---|"]
            lines += [*head, *_rows(of_family)]
    return "\n".join([*lines, ""])


def _rows(seeds: list[Seed]) -> Iterator[str]:
    for seed in sorted(seeds, key=lambda seed: (seed.rule, seed.stack, seed.name)):
        yield row(seed, seeded(seed))


def row(seed: Seed, broken: Stack) -> str:
    """Return the row of a seed, with what its rule says of the stack that it broke; ValueError if that is nothing."""
    blamed = seed.resource or "the stack"
    said = f"`{blamed}`: {_sentence(seed, broken)}"
    cells = (seed.name, seed.stack, f"[{seed.rule}](policies.md#{seed.rule})", said)
    return f"| {' | '.join(_SPECIAL.sub(_escaped, cell) for cell in cells)} |"


def _escaped(found: re.Match[str]) -> str:
    return "&lt;" if found[0] == "<" else f"\\{found[0]}"


def _sentence(seed: Seed, broken: Stack) -> str:
    for found in said_of(seed, broken):
        if (found.resource.name if found.resource else "") == seed.resource and seed.says in found.sentence:
            return found.sentence
    raise ValueError(f"no rule refuses the seed {seed.name!r}; see tests/unit/policies/test_seeds.py")


if __name__ == "__main__":
    main()
