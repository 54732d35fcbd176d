"""Run the products' own validators on rendered config; each config is validated once per program."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest

from lab.node.binaries import SYSTEM_PATH
from lab.toolchain.build import built, described, find
from lab.toolchain.catalogue import TOOLS
from lab.toolchain.installed import BUILD_VARIABLE, installed
from plan.plan import Plan
from plan.tempo.majors import MAJORS
from render.files import render
from settings.stack import StackSettings

# The cores of the smallest machine.
_AT_ONCE = 2
# A validation takes a tenth of a second.
_TIMEOUT_SECONDS = 60
COLLECTORS = "collectors"
_NOT_BUILT = "{} is not built: run `make tools`, or `make verify` for everything"


@dataclass
class Validator:
    """A program that validates the config of a product; `arguments` end with the flag that takes a file's path.

    `said` names the program: `tempo 2.10.8 (/usr/local/bin/tempo)`.
    """

    product: str
    said: str
    program: Path
    arguments: tuple[str, ...]
    _verdicts: dict[str, str | None] = field(default_factory=dict)

    def refusal(self, text: str) -> str | None:
        """Return why the program refuses a config; None when it accepts it."""
        if text not in self._verdicts:
            self._verdicts[text] = self._run(text)
        return self._verdicts[text]

    def refusals(self, texts: Sequence[str], say: Callable[[str], None]) -> dict[str, str]:
        """Validate configs, two at a time; return the program's message for each refused one."""
        found: dict[str, str] = {}
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for done, (text, refusal) in enumerate(zip(texts, pool.map(self.refusal, texts), strict=True), 1):
                if refusal is not None:
                    found[text] = refusal
                if done % 100 == 0 or done == len(texts):
                    say(f"{self.said}: {done} of {len(texts)} configs validated, {len(found)} refused")
        return found

    def _run(self, text: str) -> str | None:
        with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            *others, flag = self.arguments
            done = subprocess.run(
                [self.program, *others, f"{flag}={file.name}"],
                capture_output=True,
                text=True,
                check=False,
                timeout=_TIMEOUT_SECONDS,
                # The agent's DaemonSet and Tempo's Pods set these; their config refers to them.
                env={**os.environ, "K8S_NODE_NAME": "node-1", "TEMPO_KMS_KEY_ID": "arn:aws:kms:eu-west-1:1:key/a"},
            )
        return None if done.returncode == 0 else f"{done.stdout}{done.stderr}" or f"exit code {done.returncode}"


@dataclass(frozen=True)
class Tempo:
    """A Tempo that is available, its major version, and how it is reported."""

    program: Path
    major: int
    said: str


def collector_validators() -> list[Validator]:
    """Return the collector's own check of its configuration."""
    return [Validator(COLLECTORS, described("otelcol"), tool("otelcol"), ("validate", "--config"))]


def tempo_validators() -> list[Validator]:
    """Return the configuration check of each available Tempo."""
    flags = ("-config.verify=true", "-config.expand-env=true", "-config.file")
    return [Validator(product_of(tempo.major), tempo.said, tempo.program, flags) for tempo in tempos()]


def tempos() -> list[Tempo]:
    """Return each available Tempo, first the one that the lab uses; skip or fail when there is none.

    An installed one counts even if no image can be made of it, a built one even if another is installed.
    """
    used, found = find("tempo"), []
    if (own := installed(TOOLS["tempo"])) and not own.refused:
        found.append(Tempo(own.program, _major(own.version), f"tempo {own}"))
    if program := built("tempo"):
        version = TOOLS["tempo"].version
        found.append(Tempo(program, _major(version), f"tempo {version} (built)"))
    return sorted(found, key=lambda tempo: tempo.program != used) or [_missing(_NOT_BUILT.format("tempo"))]


def tempo_of(major: int) -> Tempo:
    """Return an available Tempo of a major version; skip when there is none."""
    at_hand = tempos()
    for tempo in at_hand:
        if tempo.major == major:
            return tempo
    pytest.skip(
        f"it starts a Tempo {major}.x, at hand is {at_hand[0].said}: {BUILD_VARIABLE}=tempo builds another"
    )


def _major(version: str) -> int:
    return int(version.partition(".")[0])


def product_of(major: int) -> str:
    """Return the name of a major version of Tempo."""
    return f"Tempo {major}.x"


def texts_of(settings: StackSettings, plan: Plan) -> dict[str, list[str]]:
    """Return a stack's rendered config by product; an empty list for the other majors of Tempo."""
    rendered = render(settings, plan)
    texts: dict[str, list[str]] = {product_of(major): [] for major in MAJORS}
    texts[product_of(settings.tempo.major)] = [rendered.tempo]
    return {COLLECTORS: [rendered.agent, rendered.gateway], **texts}


def tool(name: str) -> Path:
    """Return a tool's program; skip or fail when it is not built."""
    return find(name) or _missing(_NOT_BUILT.format(name))


def system_program(name: str) -> Path:
    """Return a program of the system's packages; skip or fail when it is missing."""
    found = shutil.which(name, path=SYSTEM_PATH)
    return Path(found) if found else _missing(f"{name} is not installed: `make verify` installs it")


def _missing(reason: str) -> NoReturn:
    """Skip; fail in CI and in `make verify`, where every tier must run."""
    if os.environ.get("CI") == "true" or os.environ.get("FAWKES_REQUIRE_TOOLS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
