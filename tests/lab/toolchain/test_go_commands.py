import subprocess
import threading
from pathlib import Path

import pytest

from lab.errors import LabError
from lab.toolchain import go_commands
from lab.toolchain.go_commands import DownloadError, GoCommands, environment, explain
from tests.support.executables import script
from tests.support.waiting import eventually


@pytest.mark.parametrize(
    ("line", "what", "fix"),
    [
        ("write /x/b.a: no space left on device", "The disk is full", "FAWKES_CACHE_DIR"),
        ("open /x/b.a: permission denied", "/x/b.a: permission denied", "FAWKES_CACHE_DIR"),
        ("verifying a@v1: checksum mismatch", "differs from the one that go.sum pins", "Delete"),
        ("compile: signal: killed", "lack of memory", "swap"),
        ("./kube/main.go:3:1: syntax error", "syntax error", "Read the log"),
    ],
)
def test_a_failure_is_explained_with_its_cause_its_fix_and_the_log(line: str, what: str, fix: str) -> None:
    """The terminal shows one sentence, not a page of compiler output."""
    printed = [
        "go: downloading a v1",
        "example.org/built/before",
        "# example.org/x",
        line,
        "example.org/built/after",
    ]
    error = explain(printed, Path("/logs/build-x.log"))
    assert what in error.what
    assert "built" not in error.what
    assert "/logs/build-x.log" in error.what
    assert fix in error.fix


@pytest.mark.parametrize(
    "line",
    [
        'Get "https://modules.example/a": dial tcp: lookup modules.example: no such host',
        'Get "https://modules.example/a": net/http: TLS handshake timeout',
        "reading https://modules.example/a/@v/v1.zip: 503 Service Unavailable",
        "a@v1: module lookup disabled by GOPROXY=off",
    ],
)
def test_a_failed_download_is_told_apart_so_that_it_can_be_tried_again(line: str) -> None:
    """A dropped connection must not fail a build of a quarter of an hour."""
    assert isinstance(explain([line], Path("log")), DownloadError)


def test_a_cache_that_the_machine_chose_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """CI keeps these folders between runs."""
    monkeypatch.setenv("FAWKES_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("GOMODCACHE", "/ci/modules")
    monkeypatch.delenv("GOCACHE", raising=False)
    assert environment()["GOMODCACHE"] == "/ci/modules"
    assert environment()["GOCACHE"] == str(tmp_path / "go" / "build")


def test_flags_of_the_machine_do_not_reach_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise go.sum would not be binding and images would get dynamic binaries."""
    monkeypatch.setenv("GOFLAGS", "-mod=mod -race")
    monkeypatch.setenv("CGO_ENABLED", "1")
    assert "-mod=readonly" in environment()["GOFLAGS"]
    assert "-race" not in environment()["GOFLAGS"]
    assert environment()["CGO_ENABLED"] == "0"


def test_a_failed_command_keeps_all_its_output_in_the_log(tmp_path: Path) -> None:
    """The sentence names the log, so the log must hold the rest."""
    go = script(tmp_path / "go", "echo one; echo two >&2; exit 3")
    seen: list[str] = []
    with pytest.raises(LabError, match="two"):
        GoCommands(go).run(["build"], tmp_path / "log", seen.append)
    assert seen == ["one", "two"]
    assert (tmp_path / "log").read_text(encoding="utf-8") == "$ go build\none\ntwo\n"


def test_stopping_ends_the_command_and_what_it_started(tmp_path: Path) -> None:
    """Ctrl-C must not leave compilers running for minutes."""
    go = script(tmp_path / "go", "sleep 300 & echo $!; wait")
    commands, started = GoCommands(go), threading.Event()
    compiler: list[int] = []
    failed: list[LabError] = []

    def note(line: str) -> None:
        compiler.append(int(line))
        started.set()

    def run() -> None:
        try:
            commands.run(["build"], tmp_path / "log", note)
        except LabError as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    assert started.wait(10)
    commands.stop()
    thread.join(10)
    assert "stopped" in failed[0].what
    # The compiler's parent is gone, so another process reaps it: a zombie counts as ended.
    eventually(lambda: _state(compiler[0]) in {"", "Z"}, "the compiler has ended", 10)


def _state(pid: int) -> str:
    """Return the state letter that ps prints for a process, "" for one that is gone."""
    command = ["ps", "-o", "stat=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()[:1]


def test_a_command_that_does_not_end_is_ended_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that stops sending in the middle of a module must not hold a CI job for hours."""
    monkeypatch.setenv("FAWKES_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(go_commands, "_COMMAND_SECONDS", 0.5)
    go = script(tmp_path / "go", "sleep 300")
    with pytest.raises(LabError, match="`go list` took longer than 0 s") as caught:
        GoCommands(go).run(("list",), tmp_path / "log", lambda _: None)
    assert "run this again" in caught.value.fix


def test_a_stopped_runner_starts_nothing_more(tmp_path: Path) -> None:
    """The next tool of the queue must not start after Ctrl-C."""
    commands = GoCommands(script(tmp_path / "go", "touch started"))
    commands.stop()
    with pytest.raises(LabError, match="stopped"):
        commands.run(["build"], tmp_path / "log", print)
    assert not (tmp_path / "started").exists()
