import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lab.errors import LabError
from lab.toolchain import installed as module
from lab.toolchain.catalogue import TOOLS
from lab.toolchain.elf import why_not_alone
from lab.toolchain.installed import BUILD_VARIABLE, Installed, in_place_of_a_build, installed
from tests.support.executables import dynamic_program, script, static_program
from tests.support.waiting import eventually

TEMPO, MINIO, MC, PULUMI = (TOOLS[name] for name in ("tempo", "minio", "mc", "pulumi"))
# As the releases print them.
PRINTED = {
    "tempo": "tempo, version 2.10.8 (branch: HEAD, revision: f0f3ed591)\n  build user:\n  go version: go1.26.5\n",
    "minio": (
        "minio version RELEASE.2025-09-07T16-13-09Z (commit-id=07c3a429bfed433e49018cb0f78a52145d4bedeb)\n"
        "Runtime: go1.24.6 linux/amd64\nLicense: GNU AGPLv3 - https://www.gnu.org/licenses/agpl-3.0.html\n"
    ),
    "mc": (
        "mc version RELEASE.2025-08-13T08-35-41Z (commit-id=7394ce0dd2a80935aded936b09fa12cbb3cb8096)\n"
        "Runtime: go1.24.6 linux/amd64\n"
    ),
}


@pytest.fixture
def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Leave only the system's programs on PATH; the returned function returns a path for another one."""
    monkeypatch.delenv(BUILD_VARIABLE, raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path / 'first'}:{tmp_path / 'second'}:/usr/bin:/bin")
    return lambda name, folder="first": tmp_path / folder / name


@pytest.mark.parametrize(("name", "version"), [("tempo", "2.10.8"), ("minio", "2025-09-07"), ("mc", "2025-08-13")])
def test_a_released_program_is_used_with_its_version_and_place_said(
    name: str, version: str, put: Callable[..., Path]
) -> None:
    program = static_program(put(name), PRINTED[name])
    found = in_place_of_a_build(TOOLS[name])
    assert found == Installed(program, version)
    assert str(found) == f"{version} ({program})"


def test_what_is_printed_as_an_error_counts_too(put: Callable[..., Path]) -> None:
    """The Prometheus family has printed its version on either stream."""
    script(put("tempo"), "echo 'tempo, version 2.9.0' >&2")
    found = installed(TEMPO)
    assert found is not None
    assert found.version == "2.9.0"


@pytest.mark.parametrize("version", ["2.8.0", "2.10.8", "3.0.3", "3.1.0-rc.0"])
def test_a_tempo_of_either_major_is_used(version: str, put: Callable[..., Path]) -> None:
    static_program(put("tempo"), f"tempo, version {version} (branch: HEAD)\n")
    found = in_place_of_a_build(TEMPO)
    assert found is not None
    assert found.version == version


@pytest.mark.parametrize(
    ("version", "why"),
    [
        ("2.7.2", "it is older than 2.8"),
        ("1.5.0", "it is older than 2.8"),
        ("4.0.0", "it must be older than 4"),
        ("10.1.0", "it must be older than 4"),
    ],
)
def test_a_tempo_of_another_time_is_passed_over_with_the_reason(
    version: str, why: str, put: Callable[..., Path]
) -> None:
    """It would reject a config written for 2.8, or for 3."""
    program = static_program(put("tempo"), f"tempo, version {version} (branch: HEAD)\n")
    assert installed(TEMPO) == Installed(program, version, refused=why)
    assert in_place_of_a_build(TEMPO) is None


def test_an_old_minio_is_passed_over(put: Callable[..., Path]) -> None:
    static_program(put("minio"), "minio version RELEASE.2025-09-06T17-38-46Z (commit-id=1)\n")
    found = installed(MINIO)
    assert found is not None
    assert found.passed_over == "it is older than 2025-09-07"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tempo", "echo 'Tempo 1.4, a metronome for the terminal'"),
        ("tempo", "echo 'tempo, version main-3a1c2f7 (branch: main)'"),
        ("tempo", "echo 'tempo, version  (branch: , revision: )'"),
        ("tempo", "true"),
        ("tempo", "echo 'tempo, version 2.10.8'; exit 1"),
        ("tempo", "kill -SEGV $$"),
        ("tempo", r"printf '\377\376\000'"),
        ("minio", "echo 'minio version DEVELOPMENT.GOGET (commit-id=DEVELOPMENT.GOGET)'"),
        ("minio", "echo 'mc version RELEASE.2025-09-07T16-13-09Z (commit-id=1)'"),
        ("mc", "echo 'GNU Midnight Commander 4.8.29'"),
        ("pulumi", "echo '2025.11.1 linux-x64 (2025-11-02)'"),
    ],
)
def test_what_does_not_say_that_it_is_the_product_and_of_which_version_is_none(
    name: str, said: str, put: Callable[..., Path]
) -> None:
    """Names are shared: there is more than one `tempo`, and `mc` is a file manager on many machines."""
    script(put(name), said)
    script(put("pulumi-language-python"), "true")
    assert installed(TOOLS[name]) is None


def test_another_product_does_not_hide_the_right_one_behind_it(put: Callable[..., Path]) -> None:
    script(put("mc"), "echo 'GNU Midnight Commander 4.8.29'")
    client = static_program(put("mc", "second"), PRINTED["mc"])
    found = in_place_of_a_build(MC)
    assert found is not None
    assert found.program == client


def test_a_program_that_hangs_is_ended_with_what_it_started_and_passed_over(
    put: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that only queries a version must neither wait forever nor leave processes behind."""
    monkeypatch.setattr(module, "_ANSWER_SECONDS", 2.0)
    program = script(put("tempo"), f"sleep 300 & echo $! > {tmp_path}/child; wait")
    started = time.monotonic()
    found = installed(TEMPO)
    assert time.monotonic() - started < 20
    assert found == Installed(program, "", refused="it did not print its version within 2 s")
    child = int((tmp_path / "child").read_text(encoding="utf-8"))
    eventually(lambda: not _runs(child), "its child has exited")


def _runs(pid: int) -> bool:
    """Return whether a process exists and is not a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("content", [b"", b"\x7fELF", b"\x7fELF\x02\x01\x01" + b"\xa5" * 8 + b"\0" * 100])
def test_a_broken_file_is_passed_over(content: bytes, put: Callable[..., Path]) -> None:
    """An interrupted download, or a program for another processor."""
    program = script(put("tempo"), "")
    program.write_bytes(content)
    found = installed(TEMPO)
    assert found is None or found.refused.startswith("it cannot be run: ")
    assert in_place_of_a_build(TEMPO) is None


def test_a_program_that_is_linked_against_libraries_runs_here_but_goes_into_no_image(
    put: Callable[..., Path],
) -> None:
    """The image contains nothing else: there it would fail with `no such file or directory`."""
    dynamic_program(put("tempo"), PRINTED["tempo"])
    found = installed(TEMPO)
    assert found is not None
    assert (found.version, found.refused) == ("2.10.8", "")
    assert found.passed_over == "it needs shared libraries, and the image has none"
    assert in_place_of_a_build(TEMPO) is None


def test_a_script_around_a_program_goes_into_no_image(put: Callable[..., Path]) -> None:
    """Version managers put such scripts on PATH."""
    script(put("tempo"), "echo 'tempo, version 2.10.8'")
    found = installed(TEMPO)
    assert found is not None
    assert found.passed_over == "it is a script, and the image has no shell"


def test_a_program_that_goes_into_no_image_may_be_of_any_kind(put: Callable[..., Path]) -> None:
    script(put("pulumi-language-python"), "true")
    engine = script(put("pulumi"), "echo v3.201.0")
    found = in_place_of_a_build(PULUMI)
    assert found is not None
    assert found.program == engine


def test_a_program_for_another_processor_goes_into_no_image(tmp_path: Path) -> None:
    """It may still run here, where an emulator is set up."""
    assert why_not_alone(static_program(tmp_path / "own", "")) == ""
    assert why_not_alone(static_program(tmp_path / "other", "", machine=1)) == "it is built for another processor"


def test_a_link_is_followed_to_what_is_copied_into_the_image(put: Callable[..., Path]) -> None:
    program = static_program(put("tempo-2.10.8", "releases"), PRINTED["tempo"])
    put("tempo").parent.mkdir()
    put("tempo").symlink_to(program)
    found = in_place_of_a_build(TEMPO)
    assert found is not None
    assert found.program == program


def test_it_is_asked_once_a_process(put: Callable[..., Path], tmp_path: Path) -> None:
    """Several parts of one command query it."""
    script(put("tempo"), f"echo asked >> {tmp_path}/asked; echo 'tempo, version 2.10.8'")
    assert installed(TEMPO) == installed(TEMPO)
    assert (tmp_path / "asked").read_text(encoding="utf-8") == "asked\n"


def test_a_build_can_be_wanted_all_the_same(put: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """A user with Tempo 3 installed also has a dojo of 2.x."""
    static_program(put("tempo"), PRINTED["tempo"])
    monkeypatch.setenv(BUILD_VARIABLE, "minio, tempo")
    assert in_place_of_a_build(TEMPO) is None
    assert installed(TEMPO) is not None


def test_a_misspelled_tool_in_the_wanted_builds_is_refused(
    put: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    static_program(put("tempo"), PRINTED["tempo"])
    monkeypatch.setenv(BUILD_VARIABLE, "tmepo")
    with pytest.raises(LabError, match="FAWKES_BUILD contains unknown tools: tmepo") as refusal:
        in_place_of_a_build(TEMPO)
    assert "tempo" in refusal.value.fix
