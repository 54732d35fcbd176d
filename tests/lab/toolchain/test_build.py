import fcntl
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console

from lab.errors import LabError
from lab.progress import Progress
from lab.toolchain import build, catalogue
from lab.toolchain import queue as build_queue
from lab.toolchain.build import find
from lab.toolchain.catalogue import Files, OwnInstallation, Program, Tool
from lab.toolchain.golang import Go
from lab.toolchain.queue import BuildQueue
from tests.support.executables import script
from tests.support.waiting import eventually

# Stands in for the go command: it logs each call, answers `list`, and "compiles" a file that says its package.
FAKE_GO = """\
echo "$*" >> {folder}/calls
case "$1 $4" in
  "list -deps")
    # A file fails the first try only, a folder fails every one.
    [ ! -e {folder}/unreachable ] || {{
      rm -f {folder}/unreachable 2>&-; echo "dial tcp: lookup modules.example: no such host"; exit 1; }}
    echo fmt; echo example.org/$5 ;;
  "list -m") echo {folder}/dependency ;;
  "build -v")
    while [ "$1" != -o ]; do shift; done
    echo example.org/$3
    [ "$3" != ./broken ] || {{ echo "./main.go:1: broken on purpose"; exit 1; }}
    [ "$3" != ./slow ] || {{ echo started > {folder}/started; sleep 300; }}
    echo "$3" > "$2" ;;
esac
"""


def _tool(name: str, **changes: object) -> Tool:
    fields: dict[str, object] = {
        "name": name,
        "version": "1.0",
        "licence": "Apache-2.0",
        "programs": (Program(binary=name, module="all", package=f"./{name}"),),
        "seconds": 1,
        "in_image": False,
    }
    return Tool(**(fields | changes))  # type: ignore[arg-type]


@pytest.fixture
def progress(tmp_path: Path) -> Iterator[Progress]:
    with Progress(console=Console(file=io.StringIO()), history_file=tmp_path / "durations.json") as shown:
        yield shown


@pytest.fixture
def screen() -> io.StringIO:
    """What a progress prints, in lines wide enough for any path."""
    return io.StringIO()


@pytest.fixture
def shown(screen: io.StringIO, tmp_path: Path) -> Iterator[Progress]:
    with Progress(console=Console(file=screen, width=300), history_file=tmp_path / "durations.json") as progress:
        yield progress


@pytest.fixture
def declare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Replace the catalogue and Go; the returned function declares the tools."""
    monkeypatch.setenv("FAWKES_CACHE_DIR", str(tmp_path / "cache"))
    modules = tmp_path / "modules"
    (modules / "all").mkdir(parents=True)
    (modules / "all" / "go.mod").write_text("module all\n", encoding="utf-8")
    monkeypatch.setattr(build, "MODULES", modules)
    program = tmp_path / "go"
    program.write_text("#!/bin/sh\n" + FAKE_GO.format(folder=tmp_path), encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(build_queue, "find_go", lambda: Go(program, (1, 99)))

    def replace(*tools: Tool) -> None:
        build._recipe_hash.cache_clear()
        for module in (build, build_queue):
            monkeypatch.setattr(module, "TOOLS", {tool.name: tool for tool in tools})

    return replace


def ensure(name: str, progress: Progress) -> Path:
    """Return the tool's first program, built if it is missing."""
    with BuildQueue(progress, [name]) as queue:
        return queue.wait(name)


def _builds(tmp_path: Path) -> list[str]:
    calls = tmp_path / "calls"
    return (
        [call for call in calls.read_text(encoding="utf-8").splitlines() if call.startswith("build")]
        if calls.exists()
        else []
    )


def test_a_missing_tool_is_built_and_then_found(declare: Callable[..., None], progress: Progress) -> None:
    """The path that `make up` takes on a new machine."""
    declare(_tool("alpha"))
    assert find("alpha") is None
    built = ensure("alpha", progress)
    assert built.read_text(encoding="utf-8") == "./alpha\n"
    assert find("alpha") == built


def test_looking_for_a_tool_makes_no_folder(declare: Callable[..., None], tmp_path: Path) -> None:
    """`python -m lab path tempo` only asks."""
    declare(_tool("alpha"))
    assert find("alpha") is None
    assert not (tmp_path / "cache").exists()


def test_a_second_request_builds_nothing(declare: Callable[..., None], progress: Progress, tmp_path: Path) -> None:
    """A warm start must cost nothing."""
    declare(_tool("alpha"))
    assert ensure("alpha", progress) == ensure("alpha", progress)
    assert len(_builds(tmp_path)) == 1


def test_a_changed_recipe_is_built_anew(declare: Callable[..., None], progress: Progress, tmp_path: Path) -> None:
    """Otherwise an upgrade in go.mod would go on using the old binary."""
    declare(_tool("alpha"))
    before = ensure("alpha", progress)
    (tmp_path / "modules" / "all" / "go.mod").write_text("module all\n\ngo 1.26\n", encoding="utf-8")
    build._recipe_hash.cache_clear()
    assert find("alpha") is None
    assert ensure("alpha", progress) != before


def test_a_failed_build_names_its_log_and_leaves_nothing_behind(
    declare: Callable[..., None], progress: Progress, tmp_path: Path
) -> None:
    """A half-built tool that is found later fails far from its cause."""
    declare(_tool("broken"))
    with pytest.raises(LabError, match="broken on purpose") as error:
        ensure("broken", progress)
    log = tmp_path / "cache" / "logs" / "build-broken.log"
    assert str(log) in error.value.what
    assert "broken on purpose" in log.read_text(encoding="utf-8")
    assert find("broken") is None
    assert [path.name for path in (tmp_path / "cache" / "bin").iterdir()] == ["build.lock"]


def test_a_tool_of_two_programs_and_files_has_them_in_one_folder(
    declare: Callable[..., None], progress: Progress, tmp_path: Path
) -> None:
    """The engine looks for its language host and scripts beside itself; a data file is no program."""
    (tmp_path / "dependency" / "python").mkdir(parents=True)
    (tmp_path / "dependency" / "python" / "exec").write_text("#!/bin/sh\n", encoding="utf-8")
    (tmp_path / "dependency" / "data.yaml").write_text("a: 1\n", encoding="utf-8")
    programs = tuple(Program(binary=name, module="all", package=f"./{name}") for name in ("engine", "host"))
    files = Files(module="all", dependency="example.org/sdk", files=("python/exec", "data.yaml"))
    declare(_tool("engine", programs=programs, files=(files,)))
    folder = ensure("engine", progress).parent
    assert sorted(path.name for path in folder.iterdir()) == ["data.yaml", "engine", "exec", "host"]
    assert (folder / "exec").stat().st_mode & 0o111
    assert not (folder / "data.yaml").stat().st_mode & 0o111


def test_the_queue_builds_in_the_given_order(
    declare: Callable[..., None], progress: Progress, tmp_path: Path
) -> None:
    """The node's tools come first, so that it starts while the rest is compiled."""
    declare(_tool("alpha"), _tool("beta"), _tool("gamma"))
    with BuildQueue(progress, ["gamma", "alpha", "beta"]) as queue:
        assert queue.wait("beta").read_text(encoding="utf-8") == "./beta\n"
    assert [call.rpartition(" ")[2] for call in _builds(tmp_path)] == ["./gamma", "./alpha", "./beta"]


def test_a_download_that_fails_once_is_tried_again(
    declare: Callable[..., None], progress: Progress, tmp_path: Path
) -> None:
    """A dropped connection must not end a build of a quarter of an hour."""
    declare(_tool("alpha"))
    (tmp_path / "unreachable").touch()
    assert ensure("alpha", progress).is_file()


def test_a_download_that_keeps_failing_is_one_clear_error(
    declare: Callable[..., None], progress: Progress, tmp_path: Path
) -> None:
    """It says what to check instead of trying for ever."""
    declare(_tool("alpha"))
    (tmp_path / "unreachable").mkdir()
    with pytest.raises(LabError, match="no such host") as error:
        ensure("alpha", progress)
    assert "GOPROXY" in error.value.fix
    assert (tmp_path / "calls").read_text(encoding="utf-8").count("list") == 3


def test_one_failed_tool_does_not_stop_the_others(declare: Callable[..., None], progress: Progress) -> None:
    """What could be built is there for the rerun."""
    declare(_tool("broken"), _tool("beta"))
    with BuildQueue(progress, ["broken", "beta"]) as queue:
        assert queue.wait("beta").is_file()
        with pytest.raises(LabError, match="broken on purpose"):
            queue.wait("broken")


def test_a_queue_with_nothing_to_build_needs_no_go(
    declare: Callable[..., None], progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine with a filled cache may have lost its Go."""
    declare(_tool("alpha"))
    ensure("alpha", progress)
    monkeypatch.setattr(build_queue, "find_go", lambda: pytest.fail("looked for Go"))
    with BuildQueue(progress, ["alpha"]) as queue:
        assert queue.wait("alpha").is_file()


def test_leaving_the_queue_early_ends_the_build(
    declare: Callable[..., None], progress: Progress, tmp_path: Path
) -> None:
    """Ctrl-C during `make up` must not leave compilers running for minutes."""
    declare(_tool("slow"), _tool("beta"))
    with BuildQueue(progress, ["slow", "beta"]):
        eventually((tmp_path / "started").exists, "the build has started", 10)
    assert find("slow") is None
    assert find("beta") is None


def test_a_second_process_waits_and_then_uses_what_the_first_built(
    declare: Callable[..., None], progress: Progress, tmp_path: Path
) -> None:
    """Two test runs started together must not compile the same tool twice."""
    declare(_tool("alpha"))
    ensure("alpha", progress)
    built = find("alpha")
    assert built is not None
    hidden = built.parent.rename(tmp_path / "hidden")
    with (tmp_path / "cache" / "bin" / "build.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with BuildQueue(progress, ["alpha"]) as queue:
            eventually(lambda: "another process" in progress.steps["build alpha"].detail, "the build waits", 10)
            hidden.rename(built.parent)
            fcntl.flock(lock, fcntl.LOCK_UN)
            assert queue.wait("alpha") == built
    assert len(_builds(tmp_path)) == 1


def test_what_a_killed_build_left_is_cleared_away(
    declare: Callable[..., None], progress: Progress, tmp_path: Path
) -> None:
    """A gigabyte of half-linked binaries would otherwise stay for good."""
    leftovers = [tmp_path / "cache" / name for name in ("bin/.partial-old", "go/tmp/go-build1")]
    for leftover in leftovers:
        leftover.mkdir(parents=True)
    declare(_tool("alpha"))
    ensure("alpha", progress)
    assert not any(leftover.exists() for leftover in leftovers)


def test_a_cache_that_cannot_be_written_is_one_clear_error(
    declare: Callable[..., None], progress: Progress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full or read-only disk is the commonest fault of a build machine."""

    def refuse(**_: object) -> str:
        raise OSError(28, "No space left on device", str(tmp_path / "cache" / "bin"))

    declare(_tool("alpha"))
    monkeypatch.setattr("lab.toolchain.build.tempfile.mkdtemp", refuse)
    with pytest.raises(LabError, match="No space left on device") as error:
        ensure("alpha", progress)
    assert "FAWKES_CACHE_DIR" in error.value.fix


@pytest.fixture
def own_engine(
    declare: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Path]:
    """Put an own engine on PATH: the returned function takes what it prints and what lies beside it."""

    def put(printed: str, *beside: str) -> Path:
        for name in ("engine", *beside):
            script(tmp_path / "programs" / name, f"echo {printed}")
        monkeypatch.setenv("PATH", f"{tmp_path / 'programs'}:/usr/bin:/bin")
        own = OwnInstallation(
            version_command=("engine", "version"),
            version_pattern=r"^v(\d+\S*)$",
            minimum="3.200",
            beside=("host",),
        )
        declare(_tool("engine", own=own))
        return tmp_path / "programs" / "engine"

    return put


@pytest.mark.parametrize("printed", ["v3.200.0", "v3.201.1", "v4.0.0-beta.1"])
def test_the_machines_own_program_is_used_when_it_is_new_enough(
    own_engine: Callable[..., Path], printed: str
) -> None:
    """Whoever has the real engine should not compile another."""
    engine = own_engine(printed, "host")
    assert find("engine") == engine


@pytest.mark.parametrize("printed", ["v3.199.9", "v2.300.0", "unknown"])
def test_the_machines_own_program_is_passed_over_when_it_is_old(
    own_engine: Callable[..., Path], printed: str
) -> None:
    """An old engine fails in the middle of a deployment."""
    own_engine(printed, "host")
    assert find("engine") is None


def test_the_machines_own_program_is_passed_over_when_its_companion_is_missing(
    own_engine: Callable[..., Path],
) -> None:
    """An engine without its Python host cannot run this program."""
    own_engine("v3.200.0")
    assert find("engine") is None


def test_what_is_used_as_it_is_on_this_machine_is_said_with_version_and_place(
    own_engine: Callable[..., Path], shown: Progress, screen: io.StringIO
) -> None:
    """Else a failure is looked for in the lab's build of it. A path may hold what is markup to the screen."""
    engine = own_engine("v3.201.1", "host")
    assert ensure("engine", shown) == engine
    assert f"Installed on this machine: engine 3.201.1 ({engine})\n" in screen.getvalue()
    assert build.described("engine") == f"engine 3.201.1 ({engine})"


def test_what_is_built_although_it_is_installed_is_said_with_the_reason(
    own_engine: Callable[..., Path], shown: Progress, screen: io.StringIO
) -> None:
    """Who installed it to spare the build must learn why it did not."""
    engine = own_engine("v3.199.9", "host")
    assert ensure("engine", shown) == build.built("engine")
    said = f"Installed on this machine, but not used: engine 3.199.9 ({engine}), because it is older than 3.200\n"
    assert said in screen.getvalue()
    assert build.described("engine") == "engine 1.0 (built)"


def test_an_installed_program_that_does_not_serve_is_said_with_the_reason_and_another_built(
    own_engine: Callable[..., Path], shown: Progress, screen: io.StringIO, tmp_path: Path
) -> None:
    engine = own_engine("v3.201.1", "host")
    for _ in range(2):
        with BuildQueue(shown, ["engine"], {"engine": "it is a Tuesday"}) as queue:
            assert queue.wait("engine") == build.built("engine")
    said = f"Installed on this machine, but not used: engine 3.201.1 ({engine}), because it is a Tuesday\n"
    assert screen.getvalue().count(said) == 2
    assert len(_builds(tmp_path)) == 1


def test_every_tool_of_the_catalogue_has_a_folder_of_its_own() -> None:
    """Two tools in one folder would overwrite each other."""
    folders = {build._folder(tool) for tool in catalogue.TOOLS.values()}
    assert len(folders) == len(catalogue.TOOLS)
