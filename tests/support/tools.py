"""The products' own validators, run on texts; a text that was judged once is not judged again."""

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

from lab.build import find
from lab.node.binaries import SYSTEM_PATH
from plan.plan import Plan
from render.files import render
from settings.stack import StackSettings

# One validator a core of the smallest machine.
_AT_ONCE = 2
# Each takes a tenth of a second; this is a hung one.
_TIMEOUT_SECONDS = 60
_JUDGED_MAJOR = 2


@dataclass
class Validator:
    """A program that judges one configuration file; `arguments` end with the flag that takes its path."""

    program: Path
    arguments: tuple[str, ...]
    _verdicts: dict[str, str | None] = field(default_factory=dict)

    def refusal(self, text: str) -> str | None:
        """Return what the program says against a text, or None when it accepts it."""
        if text not in self._verdicts:
            self._verdicts[text] = self._judge(text)
        return self._verdicts[text]

    def refusals(self, texts: Sequence[str], say: Callable[[str], None]) -> dict[str, str]:
        """Judge texts, two at a time; return what is said against each refused one."""
        found: dict[str, str] = {}
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for done, (text, refusal) in enumerate(zip(texts, pool.map(self.refusal, texts), strict=True), 1):
                if refusal is not None:
                    found[text] = refusal
                if done % 100 == 0 or done == len(texts):
                    say(f"{self.program.name}: {done} of {len(texts)} texts judged, {len(found)} refused")
        return found

    def _judge(self, text: str) -> str | None:
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
                # Without the variable that the agent's DaemonSet sets, its configuration names no node.
                # Without the one that Tempo's Pods get, no key encrypts.
                env={**os.environ, "K8S_NODE_NAME": "node-1", "TEMPO_KMS_KEY_ID": "arn:aws:kms:eu-west-1:1:key/a"},
            )
        return None if done.returncode == 0 else f"{done.stdout}{done.stderr}" or f"exit code {done.returncode}"


def collector() -> Validator:
    """Return the collector's own check of its configuration."""
    return Validator(tool("otelcol"), ("validate", "--config"))


def tempo() -> Validator:
    """Return Tempo's own check of its configuration."""
    return Validator(tool("tempo"), ("-config.verify=true", "-config.expand-env=true", "-config.file"))


def texts_of(settings: StackSettings, plan: Plan) -> dict[str, list[str]]:
    """Return a stack's rendered texts by the validator that judges them.

    The binary at hand is of Tempo's 2.8 line: texts of 3.x are checked against the documented keys alone.
    """
    rendered = render(settings, plan)
    tempo_texts = [rendered.tempo] if settings.tempo.major == _JUDGED_MAJOR else []
    return {"collector": [rendered.agent, rendered.gateway], "tempo": tempo_texts}


def tool(name: str) -> Path:
    """Return a built tool's program; skip or fail when there is none."""
    found = find(name)
    return found or _missing(f"{name} is not built: run `make tools`, or `make verify` for everything")


def system_program(name: str) -> Path:
    """Return a program of the system's own packages; skip or fail when there is none."""
    found = shutil.which(name, path=SYSTEM_PATH)
    return Path(found) if found else _missing(f"{name} is not installed: `make verify` installs it")


def _missing(reason: str) -> NoReturn:
    """Skip, or fail where every tier must run."""
    if os.environ.get("CI") == "true" or os.environ.get("FAWKES_REQUIRE_TOOLS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
