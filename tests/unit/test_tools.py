"""Choosing the programs that validate config: installed and built ones, and the report of their versions."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from lab.toolchain import build
from lab.toolchain.catalogue import TOOLS
from lab.toolchain.installed import BUILD_VARIABLE
from tests.support import tools
from tests.support.executables import dynamic_program, static_program
from tests.support.own_network import in_own_network
from tests.support.validated import VALIDATED, validated_line

# An unexpected skip would skip the test that expects a failure.
_OUTCOMES = (pytest.fail.Exception, pytest.skip.Exception)
BUILT = f"tempo {TOOLS['tempo'].version} (built)"


def _report(*properties: tuple[str, object]) -> pytest.TestReport:
    return pytest.TestReport("test", ("file", 1, "test"), {}, "passed", None, "call", user_properties=properties)


@pytest.fixture
def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Start without any Tempo; the returned function installs one, or puts one where a build would."""
    monkeypatch.delenv(BUILD_VARIABLE, raising=False)
    monkeypatch.delenv("FAWKES_REQUIRE_TOOLS", raising=False)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "programs"))
    monkeypatch.setenv("FAWKES_CACHE_DIR", str(tmp_path / "cache"))

    def put(version: str = "", write: Callable[[Path, str], Path] = static_program) -> Path:
        if version:
            return write(tmp_path / "programs" / "tempo", f"tempo, version {version} (branch: x)\n")
        return static_program(build.bin_folder() / build._folder_name(TOOLS["tempo"]) / "tempo", "")

    return put


def test_the_built_tempo_validates_where_none_is_installed(put: Callable[..., Path]) -> None:
    built = put()
    assert tools.tempos() == [tools.Tempo(built, "2.8.0", BUILT)]


def test_an_installed_tempo_validates_config_of_its_major_beside_the_built_one(
    put: Callable[..., Path],
) -> None:
    built, own = put(), put("3.0.3")
    expected = [tools.Tempo(own, "3.0.3", f"tempo 3.0.3 ({own})"), tools.Tempo(built, "2.8.0", BUILT)]
    assert tools.tempos() == expected
    assert [validator.product for validator in tools.tempo_validators()] == ["Tempo 3.x", "Tempo 2.x"]


def test_a_tool_in_use_is_described_by_its_version_and_where_it_is_from(put: Callable[..., Path]) -> None:
    """A failed validation is looked for in the program that found it."""
    own = put("2.10.8")
    assert tools.described("tempo") == f"tempo 2.10.8 ({own})"
    assert tools.described("otelcol") == f"otelcol {TOOLS['otelcol'].version} (built)"


def test_what_starts_a_tempo_starts_the_one_that_the_lab_uses(
    put: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With FAWKES_BUILD=tempo an installed one still validates, but after the built one."""
    built, own = put(), put("2.10.8")
    assert tools.tempo_of(2).program == own
    monkeypatch.setenv(BUILD_VARIABLE, "tempo")
    assert [tempo.program for tempo in tools.tempos()] == [built, own]


def test_an_installed_tempo_that_goes_into_no_image_still_validates(put: Callable[..., Path]) -> None:
    own = put("2.10.8", dynamic_program)
    assert tools.tempos() == [tools.Tempo(own, "2.10.8", f"tempo 2.10.8 ({own})")]


def test_what_needs_a_tempo_2_is_skipped_where_only_a_3_is_and_says_so(put: Callable[..., Path]) -> None:
    own = put("3.0.3")
    with pytest.raises(pytest.skip.Exception) as skipped:
        tools.tempo_of(2)
    reason = f"it requires Tempo 2.x, available is tempo 3.0.3 ({own}): FAWKES_BUILD=tempo builds another"
    assert str(skipped.value) == reason


def test_a_run_that_must_be_complete_fails_without_the_tempo_that_the_lab_builds(
    put: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    put("3.0.3")
    monkeypatch.setenv("FAWKES_REQUIRE_TOOLS", "1")
    with pytest.raises(_OUTCOMES, match=r"it requires Tempo 2\.x") as ended:
        tools.tempo_of(2)
    assert ended.type is pytest.fail.Exception


def test_a_run_that_must_be_complete_does_not_require_the_other_major(
    put: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    put()
    monkeypatch.setenv("FAWKES_REQUIRE_TOOLS", "1")
    with pytest.raises(pytest.skip.Exception, match=r"it requires Tempo 3\.x"):
        tools.tempo_of(3)


@pytest.mark.parametrize(("required", "outcome"), [("", pytest.skip.Exception), ("1", pytest.fail.Exception)])
def test_what_needs_root_is_skipped_without_it_but_fails_a_run_that_must_be_complete(
    required: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("FAWKES_REQUIRE_TOOLS", required)
    with pytest.raises(_OUTCOMES, match="it requires root") as ended:
        in_own_network((), lambda: None)
    assert ended.type is outcome


def test_without_any_tempo_its_tests_are_skipped(put: Callable[..., Path]) -> None:
    put("2.7.2")
    with pytest.raises(pytest.skip.Exception, match="tempo is not built"):
        tools.tempos()


def test_the_run_says_once_who_validated_what() -> None:
    """A green run covers only the versions that validated the config."""
    collectors = (VALIDATED, "config for collectors by otelcol 0.159.0 (built)")
    reports = [
        _report(collectors),
        _report((VALIDATED, "config for Tempo 2.x by tempo 2.8 (built)")),
        _report(collectors),
    ]
    stats: dict[str, list[object]] = {"passed": [*reports], "deselected": [object()]}
    expected = (
        "VALIDATED: config for Tempo 2.x by tempo 2.8 (built); config for collectors by otelcol 0.159.0 (built)"
    )
    assert validated_line(stats) == expected
    assert validated_line({"passed": [_report()]}) == ""
