"""`python -m tests.support.checkov_record`: write what checkov finds in the seeds into a file of tests/data/.

It takes minutes, because checkov reads a whole stack for each seed; so the page of seeds is made from the file.
"""

import json
from functools import cache

from settings.project import REPO
from tests.seeds.all_seeds import all_seeds
from tests.support.checkov import Found, caught_by_checkov

RECORD = REPO / "tests" / "data" / "checkov-seeds.json"


def main() -> None:
    """Rewrite the file."""
    found = caught_by_checkov(all_seeds())
    RECORD.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")


@cache
def recorded_findings() -> dict[str, list[Found]]:
    """Return what checkov finds in the stack of each seed and not in the unbroken one, by the seed's name."""
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    return {seed: [(check, resource, title) for check, resource, title in found] for seed, found in record.items()}


if __name__ == "__main__":
    main()
