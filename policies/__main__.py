"""The policy pack that the engine runs, `pulumi preview --policy-pack policies`."""

import sys
from pathlib import Path

# The engine starts this folder as a program, so the repository is not on the path.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from policies.pack import start

start()
