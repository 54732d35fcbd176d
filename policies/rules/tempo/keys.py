"""Tempo starts with the keys that its files have."""

import difflib
from collections.abc import Collection, Iterator

from policies.config_maps import File
from policies.resources import Stack
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.tempo_config import major_of
from policies.tempo_keys import VERSIONS, known_keys, known_limits, knows, unknown_keys, unknown_limits
from policies.tempos import Tempo, tempos


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each key that the version in a process's image does not know."""
    for tempo in tempos(stack):
        for major in sorted({major_of(process.container["image"]) for process in tempo.processes}):
            if major not in VERSIONS:
                yield Violation(
                    tempo.config_map, f"Its image is Tempo {major}; the keys of {_majors()} are known."
                )
                continue
            for key in unknown_keys(tempo.document.value, major):
                yield Violation(tempo.config_map, _sentence(tempo.file, key, major, known_keys(major)))
            yield from _limits(tempo, major)


def _limits(tempo: Tempo, major: int) -> Iterator[Violation]:
    for file in tempo.limits:
        for tenant, block in file.document["overrides"].fields().items():
            for key in unknown_limits(block.value, major):
                sentence = _sentence(file, key, major, known_limits(major))
                yield Violation(file.config_map, f"Tenant {tenant}: {sentence}")


def _sentence(file: File, key: str, major: int, known: Collection[str]) -> str:
    what = f"{file.name} has {key}, which Tempo {major} does not know"
    if others := [str(other) for other in VERSIONS if other != major and knows(other, key)]:
        return f"{what}, but {', '.join(others)} does."
    near = difflib.get_close_matches(key, known, n=2)
    return f"{what}; it knows {' and '.join(near)}." if near else f"{what}."


def _majors() -> str:
    return " and ".join(str(major) for major in VERSIONS)


RULE = StackRule(
    name="tempo-knows-every-key",
    promise="Tempo accepts its configuration: it ends at once on a key that its version does not have.",
    severity=Severity.HIGH,
    to_do="Correct or remove the key, or let the image's tag and tempo.version name the same version.",
    check=check,
)
