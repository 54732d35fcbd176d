"""The service in Java: Tomcat, instrumented by the OpenTelemetry Java agent."""

import hashlib
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.overhead.language import BARE, ORDER, PLAIN, SERVICES, TRACED, Language, Launch, Prepared
from lab.errors import LabError
from lab.progress import Progress
from lab.toolchain.build import appearing_complete, bin_folder
from lab.toolchain.debian import ensure_packages

_FOLDER = SERVICES / "java"
_AGENT = "opentelemetry-javaagent"
# A registry that does not answer must not hold the command; 30 MB take a few seconds.
_SECONDS = 300
# What a JVM chooses by itself in a container with 1 GiB: a quarter for the heap, and a collector of one thread.
# With this machine's memory its heap would grow to gigabytes before anything is collected.
_AS_IN_A_CONTAINER = ("-XX:MaxRAM=1g", "-XX:+UseSerialGC")


def _prepare(progress: Progress) -> Prepared:
    wanted = {"javac": "default-jdk-headless", "mvn": "maven"}
    if missing := [package for program, package in wanted.items() if shutil.which(program) is None]:
        ensure_packages(missing, progress)
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(_FOLDER.iterdir()))).hexdigest()[:12]
    folder = bin_folder() / f"overhead-java-{digest}"
    if not folder.is_dir():
        with progress.step("build the service in Java"):
            _build(folder)
    classes = f"{folder / 'classes'}:{folder / 'jars'}/*"
    agent = next((folder / "jars").glob(f"{_AGENT}-*.jar"))
    run = ["-cp", classes, "Shop"]
    return Prepared(
        {
            PLAIN: Launch(["java", *_AS_IN_A_CONTAINER, *run]),
            TRACED: Launch(["java", *_AS_IN_A_CONTAINER, f"-javaagent:{agent}", *run]),
        },
        _versions(),
    )


def _build(folder: Path) -> None:
    with appearing_complete(folder) as scratch:
        jars, classes = scratch / "jars", scratch / "classes"
        jars.mkdir()
        pom, output = str(_FOLDER / "pom.xml"), f"-DoutputDirectory={jars}"
        _run(["mvn", "--quiet", "--batch-mode", "--file", pom, "dependency:copy-dependencies", output])
        check(jars, hashes((_FOLDER / "SHA256SUMS").read_text(encoding="utf-8")))
        # The agent contains copies of libraries that it hides from a program, but not from the compiler.
        _run(["javac", "-cp", f"{jars}/*", "-d", str(classes), str(_FOLDER / "Shop.java")])


def hashes(text: str) -> dict[str, str]:
    """Return the SHA-256 of each file in the text of a SHA256SUMS."""
    return {name: digest for digest, name in (line.split() for line in text.splitlines())}


def check(folder: Path, wanted: Mapping[str, str]) -> None:
    """Raise `LabError` unless a folder holds exactly the files of these hashes."""
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}
    if wrong := sorted(name for name in {**wanted, **found} if wanted.get(name) != found.get(name)):
        raise LabError(
            f"Maven fetched other files than SHA256SUMS pins: {', '.join(wrong)}.",
            "Delete them from Maven's local repository and run this again; if it persists, distrust the registry.",
        )


def _run(command: Sequence[str]) -> None:
    fix = f"Check the network and Maven's configuration, then run: {' '.join(command)}"
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except FileNotFoundError as error:
        raise LabError(f"There is no {command[0]} on PATH.", "Install a JDK (17 or newer) and Maven.") from error
    except subprocess.TimeoutExpired as error:
        raise LabError(f"{command[0]} took longer than {_SECONDS} s.", fix) from error
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip() or "it printed nothing").splitlines()
        raise LabError(f"{command[0]} failed: {lines[0]}", fix)


def _versions() -> str:
    printed = subprocess.run(["java", "-version"], capture_output=True, text=True, check=True).stderr
    version = re.search(r'"([^"]+)"', printed)
    files = hashes((_FOLDER / "SHA256SUMS").read_text(encoding="utf-8"))
    pinned = {
        match[1]: match[2] for name in files if (match := re.fullmatch(r"(\D+)-([\d.]+)\.jar", name)) is not None
    }
    names = ("tomcat-embed-core", _AGENT)
    own = version[1] if version else "of unknown version"
    return ", ".join([f"OpenJDK {own}", *(f"{name} {pinned[name]}" for name in names)])


JAVA = Language(
    name="Java",
    rounds=66,
    spans={ORDER: 3, BARE: 1},
    advice="`OTEL_INSTRUMENTATION_<NAME>_ENABLED=false` leaves out an instrumentation that nobody looks at",
    prepare=_prepare,
    # The JVM's second compiler waits for 5 000 to 15 000 calls of a method. After 6 s it was still compiling, and
    # an operation of 3 spans seemed to take 3.7 ms more CPU.
    warm_up_factor=10,
)
