"""Event logs of real previews in tests/data/previews, shortened to what a comment is made from.

The engine made them against simulated nodes and cloud, of stacks in the namespace `review-recording`. To make one
again: `make preview STACK=prod TARGET=simulated EVENTS=folder`, then

    python -m tests.support.recorded_previews folder/prod.jsonl tests/data/previews/name.jsonl.gz
"""

import gzip
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from review.previews import read_events
from settings.project import REPO

FOLDER = REPO / "tests" / "data" / "previews"
_STATE = ("type", "urn", "custom", "id", "parent", "protect", "retainOnDelete", "inputs", "provider")
_STEP = ("op", "urn", "type", "keys", "diffs", "detailedDiff")
_KEPT = ("policyEvent", "policyLoadEvent", "policyAnalyzeStackSummaryEvent")


def recording(name: str) -> list[dict[str, Any]]:
    """Return the events of a recorded preview."""
    with gzip.open(FOLDER / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def shortened(events: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Yield the events of a log that say what happens, without the refresh and the outputs of resources."""
    for event in events:
        head = {key: event[key] for key in ("sequence", "timestamp")}
        step = event.get("resourcePreEvent", {}).get("metadata")
        if step and step["op"] != "refresh":
            states = {key: _only(step[key], _STATE) for key in ("old", "new")}
            yield head | {"resourcePreEvent": {"metadata": _only(step, _STEP) | states}}
        elif summary := event.get("summaryEvent"):
            # The engine adds the folder of a pack to its name, which is another one on every machine.
            packs = {name.partition("|")[0]: version for name, version in summary["PolicyPacks"].items()}
            yield head | {"summaryEvent": summary | {"PolicyPacks": packs}}
        elif kept := _only(event, _KEPT):
            yield head | kept
        elif event.get("diagnosticEvent", {}).get("severity") == "error":
            yield event


def _only(found: dict[str, Any] | None, keys: Iterable[str]) -> dict[str, Any]:
    return {key: found[key] for key in keys if key in found} if found else {}


def main(log: str, out: str) -> None:
    """Write the shortened log."""
    lines = "".join(f"{json.dumps(event)}\n" for event in shortened(read_events(Path(log))))
    Path(out).write_bytes(gzip.compress(lines.encode(), mtime=0))


if __name__ == "__main__":
    main(*sys.argv[1:])
