"""The service in Go: net/http, instrumented by otelhttp and the SDK; two programs of the same source."""

import hashlib
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from bench.overhead.language import BARE, ORDER, PLAIN, SERVICES, TRACED, Language, Launch, Prepared
from lab.paths import cache_dir, made_folder
from lab.progress import Progress
from lab.toolchain.build import appearing_complete, bin_folder
from lab.toolchain.go_commands import GoCommands
from lab.toolchain.golang import find_go

_FOLDER = SERVICES / "go"
_TAGS = {PLAIN: "plain", TRACED: "traced"}


def _prepare(progress: Progress) -> Prepared:
    go = find_go(progress.note)
    version = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=True).stdout.strip()
    sources = b"".join(file.read_bytes() for file in sorted(_FOLDER.iterdir()))
    digest = hashlib.sha256(version.encode() + sources).hexdigest()[:12]
    folder = bin_folder() / f"overhead-go-{digest}"
    if not folder.is_dir():
        with progress.step("build the service in Go") as step:
            _build(GoCommands(go), folder, step.update)
    return Prepared({variant: Launch([str(folder / variant)]) for variant in _TAGS}, _versions(version))


def _build(commands: GoCommands, folder: Path, report: Callable[[str], None]) -> None:
    log = made_folder(cache_dir() / "logs") / "build-overhead-go.log"
    with appearing_complete(folder) as scratch:
        for variant, tag in _TAGS.items():
            arguments = ("build", "-C", str(_FOLDER), "-tags", tag, "-o", str(scratch / variant), ".")
            commands.run(arguments, log, report)


def _versions(go: str) -> str:
    text = (_FOLDER / "go.mod").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^\s*go\.opentelemetry\.io/\S*?(otelhttp|otel/sdk) v(\S+)$", text, re.MULTILINE))
    return f"Go {go.removeprefix('go')}, otelhttp {pinned['otelhttp']}, otel/sdk {pinned['otel/sdk']}"


GO = Language(
    name="Go",
    rounds=34,
    spans={ORDER: 3, BARE: 1},
    advice="`otelhttp.WithFilter` keeps probes from making spans",
    prepare=_prepare,
)
