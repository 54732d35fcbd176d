"""The project itself: the name that its settings carry, and where its files are."""

from pathlib import Path

# Of Pulumi.yaml; every key of a stack file begins with it.
PROJECT = "fawkes-tracing"
REPO = Path(__file__).resolve().parent.parent
