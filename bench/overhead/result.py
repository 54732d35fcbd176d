"""The result of one language, kept until all are there: they are measured one at a time, or in one command."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.overhead.figures import Figures, Memory
from bench.overhead.language import Language
from bench.overhead.plan import Plan
from lab.paths import cache_dir, made_folder


@dataclass(frozen=True)
class Result:
    """What was measured of a language; `measured` says when and where, `spans` are those of one operation."""

    language: str
    versions: str
    measured: str
    spans: Mapping[str, int]
    figures: Mapping[str, Figures]
    memory: Memory
    # The most cores that other programs took during a repetition.
    others: float


def keep(result: Result, file: Path) -> None:
    """Write a result, in place of an earlier one."""
    file.write_text(json.dumps(asdict(result), indent=1), encoding="utf-8")


def kept(file: Path) -> Result | None:
    """Return a result that was kept; None if there is none that can be read."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    # JSON has no tuples.
    figures = {
        path: Figures(**each | {"percent": tuple(each["percent"])}) for path, each in found["figures"].items()
    }
    return Result(**found | {"figures": figures, "memory": Memory(**found["memory"])})


def file_of(language: Language, plan: Plan) -> Path:
    """Return where the result of a language is kept: the same service, measured in the same way."""
    sources = b"".join(file.read_bytes() for file in sorted(language.folder.iterdir()) if file.is_file())
    recipe = (
        language.rounds,
        sorted(language.spans.items()),
        plan,
        Result.__annotations__,
        Figures.__annotations__,
    )
    digest = hashlib.sha256(repr(recipe).encode() + sources).hexdigest()[:12]
    return made_folder(cache_dir() / "overhead") / f"{language.name.lower()}-{digest}.json"
