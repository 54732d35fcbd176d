"""The repository's program, broken by seeds on its way to the engine.

`FAWKES_SEEDS` names a file with the names of the seeds, a JSON list; the names of those that could not be planted
are written beside it with their reasons.
"""

import json
import os
import runpy
import sys
from pathlib import Path

# The engine starts this folder as a program, so the repository is not on the path.
REPO = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(REPO))

from pulumi.runtime.settings import SETTINGS  # noqa: E402

from tests.seeds.all_seeds import all_seeds  # noqa: E402
from tests.simulated.seeded_program.monitor import SeededMonitor  # noqa: E402

named = Path(os.environ["FAWKES_SEEDS"])
wanted = set(json.loads(named.read_text(encoding="utf-8")))
seeds = [seed for seed in all_seeds() if seed.name in wanted]
SETTINGS.monitor = SeededMonitor(SETTINGS.monitor, seeds, named.with_suffix(".failed"))
runpy.run_path(str(REPO / "__main__.py"), run_name="__main__")
