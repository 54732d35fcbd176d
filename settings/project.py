"""The project's name and folder."""

from pathlib import Path

# The name in Pulumi.yaml; every key of a stack file begins with it.
PROJECT = "fawkes-tracing"
REPO = Path(__file__).resolve().parent.parent
