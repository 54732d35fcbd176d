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
from lab.toolchain.build import built, find
from lab.toolchain.catalogue import TOOLS
from lab.toolchain.installed import BUILD_VARIABLE, in_place_of_a_build, installed
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

    `description` names the program: `tempo 2.10.8 (/usr/local/bin/tempo)`.
    """

    product: str
    description: str
    program: Path
    arguments: tuple[str, ...]
    _refusals: dict[str, str | None] = field(default_factory=dict)

    def refusal(self, config: str) -> str | None:
        """Return why the program refuses a config; None when it accepts it."""
        if config not in self._refusals:
            self._refusals[config] = self._run(config)
        return self._refusals[config]

    def refusals(self, configs: Sequence[str], report: Callable[[str], None]) -> dict[str, str]:
        """Validate configs, two at a time; return the program's message for each refused one."""
        found: dict[str, str] = {}
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for done, (config, refusal) in enumerate(
                zip(configs, pool.map(self.refusal, configs), strict=True), 1
            ):
                if refusal is not None:
                    found[config] = refusal
                if done % 100 == 0 or done == len(configs):
                    report(f"{self.description}: {done} of {len(configs)} configs validated, {len(found)} refused")
        return found

    def _run(self, config: str) -> str | None:
        with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
            file.write(config)
            file.flush()
            *others, flag = self.arguments
            done = subprocess.run(
                [self.program, *others, f"{flag}={file.name}"],
                capture_output=True,
                text=True,
                check=False,
                timeout=_TIMEOUT_SECONDS,
                # The agent's DaemonSet and Tempo's Pods set these; their config refers to them. Without quotes an
                # address that ends with a colon would be read as a key.
                env={
                    **os.environ,
                    "K8S_NODE_NAME": "node-1",
                    "POD_IP": "fd00:10::",
                    "TEMPO_KMS_KEY_ID": "arn:aws:kms:eu-west-1:1:key/a",
                },
            )
        return None if done.returncode == 0 else f"{done.stdout}{done.stderr}" or f"exit code {done.returncode}"


@dataclass(frozen=True)
class Tempo:
    """An available Tempo, its version without a suffix, and its description in reports."""

    program: Path
    version: str
    description: str

    @property
    def major(self) -> int:
        """The major version."""
        return _major(self.version)

    @property
    def settings(self) -> dict[str, str]:
        """The changes that render a stack for this version."""
        return {"tempo.version": self.version, "images.tempo.tag": self.version}


def described(name: str) -> str:
    """Describe the lab's tool in use: `tempo 2.10.8 (/usr/bin/tempo)`, `otelcol 0.159.0 (built)`."""
    own = in_place_of_a_build(TOOLS[name])
    return f"{name} {own}" if own else f"{name} {TOOLS[name].version} (built)"


def collector_validators() -> list[Validator]:
    """Return the collector's own validator."""
    return [Validator(COLLECTORS, described("otelcol"), tool("otelcol"), ("validate", "--config"))]


def tempo_validators() -> list[Validator]:
    """Return the validator of each available Tempo."""
    flags = ("-config.verify=true", "-config.expand-env=true", "-config.file")
    return [Validator(product_of(tempo.major), tempo.description, tempo.program, flags) for tempo in tempos()]


def tempos() -> list[Tempo]:
    """Return each available Tempo, the one that the lab uses first; skip or fail when there is none.

    An installed Tempo counts even if no image can be built from it, a built one even if another is installed.
    """
    used, found = find("tempo"), []
    if (own := installed(TOOLS["tempo"])) and not own.refused:
        found.append(Tempo(own.program, _released(own.version), f"tempo {own}"))
    if program := built("tempo"):
        version = TOOLS["tempo"].version
        found.append(Tempo(program, _released(version), f"tempo {version} (built)"))
    return sorted(found, key=lambda tempo: tempo.program != used) or [absent(_NOT_BUILT.format("tempo"))]


def tempo_of(major: int) -> Tempo:
    """Return an available Tempo of a major version; skip when there is none, fail when the lab builds this one."""
    available = tempos()
    for tempo in available:
        if tempo.major == major:
            return tempo
    reason = (
        f"it requires Tempo {major}.x, available is {available[0].description}: "
        f"{BUILD_VARIABLE}=tempo builds another"
    )
    if major == _major(TOOLS["tempo"].version):
        absent(reason)
    pytest.skip(reason)


def _released(version: str) -> str:
    return version.partition("-")[0]


def _major(version: str) -> int:
    return int(version.partition(".")[0])


def product_of(major: int) -> str:
    """Return the name of a major version of Tempo."""
    return f"Tempo {major}.x"


def configs_of(settings: StackSettings, plan: Plan) -> dict[str, list[str]]:
    """Return a stack's rendered configs by product; none for the other major versions of Tempo."""
    rendered = render(settings, plan)
    configs: dict[str, list[str]] = {product_of(major): [] for major in MAJORS}
    configs[product_of(settings.tempo.major)] = [rendered.tempo]
    return {COLLECTORS: [rendered.agent, rendered.gateway], **configs}


def tool(name: str) -> Path:
    """Return a tool's program; skip or fail when it is not built."""
    return find(name) or absent(_NOT_BUILT.format(name))


def system_program(name: str) -> Path:
    """Return a program of the system's packages; skip or fail when it is missing."""
    found = shutil.which(name, path=SYSTEM_PATH)
    return Path(found) if found else absent(f"{name} is not installed: `make verify` installs it")


def need_root(why: str) -> None:
    """Skip or fail unless this process is root's."""
    if os.geteuid() != 0:
        absent(f"it requires root, {why}")


def absent(reason: str) -> NoReturn:
    """Skip; fail in CI and in `make verify`, where every tier must run."""
    if os.environ.get("CI") == "true" or os.environ.get("FAWKES_REQUIRE_TOOLS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
