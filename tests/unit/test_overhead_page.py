"""What the page says: figures beside the limits, and plainly what is over one."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench.markdown import figures
from bench.overhead.command import LANGUAGES, overhead
from bench.overhead.figures import Figures, Memory
from bench.overhead.language import BARE, ORDER, SERVICES
from bench.overhead.languages.java import check, hashes
from bench.overhead.limits import enough_work, exceeded, too_much_memory
from bench.overhead.page import sentences, text
from bench.overhead.plan import Plan
from bench.overhead.result import Result, file_of, keep, kept
from bench.overhead.table import all_rows, latency_rows, tables
from lab.commands.app import OUTPUT
from lab.errors import LabError

FIGURES = Figures(4000.0, 160.0, (4.0, 3.5, 4.5), 8.0, 0.4, 12.0, 0.9)
RESULT = Result(
    language="Go",
    versions="Go 1.26.8, otelhttp 0.72.0",
    measured="Measured on 2026-11-27: a processor, 2 cores.",
    spans={ORDER: 3, BARE: 1},
    figures={ORDER: FIGURES, BARE: replace(FIGURES, plain_cpu=100.0, percent=(60.0, 55.0, 65.0))},
    memory=Memory(14e6, 8e6),
    others=0.31,
)


@pytest.mark.parametrize(
    ("percent", "milliseconds", "expected"),
    [
        (4.99, 0.99, []),
        (5.0, 0.0, ["CPU"]),
        (-1.0, 1.0, ["latency"]),
        (30.0, 2.0, ["CPU", "latency"]),
    ],
)
def test_a_limit_is_met_only_below_it(percent: float, milliseconds: float, expected: list[str]) -> None:
    found = replace(FIGURES, percent=(percent, percent, percent), added_median=milliseconds)
    assert exceeded(found) == expected


@pytest.mark.parametrize(("added", "expected"), [(99e6, False), (100e6, True)])
def test_a_service_may_grow_by_less_than_a_hundred_megabytes(added: float, expected: bool) -> None:  # noqa: FBT001
    assert too_much_memory(Memory(1e6, added)) is expected


def test_five_percent_are_met_from_twenty_times_what_is_added() -> None:
    assert enough_work(FIGURES) == pytest.approx(20 * 0.160)


def test_a_row_has_a_figure_for_every_column() -> None:
    for heading, rows in all_rows([RESULT], Plan()):
        assert {len(row) for row in rows} == {len(heading)}


def test_figures_stand_beside_the_limits() -> None:
    (_, cpu), (_, latency), (_, memory) = all_rows([RESULT], Plan(rates={ORDER: 100.0, BARE: 300.0}))
    assert cpu == [
        ("Go /order", "3", "4000", "160", "4.0", "3.5 to 4.5", "1.6", "met"),
        ("Go /bare", "1", "100", "160", "60.0", "55.0 to 65.0", "4.8", "over"),
    ]
    assert latency[0] == ("Go /order", "8.00", "0.40", "met", "12.00", "0.90")
    assert memory == [("Go", "14", "8", "met")]


def test_no_difference_has_no_sign() -> None:
    none = replace(RESULT, figures={ORDER: replace(FIGURES, added_median=-0.001)})
    assert latency_rows([none])[1][0][2] == "0.00"


def test_a_terminal_and_the_page_show_the_same_rows() -> None:
    assert [table.row_count for table in tables([RESULT], Plan())] == [2, 2, 1]
    page = text([RESULT], Plan(), {"Go": "a"})
    assert all(figures(heading, rows) in page for heading, rows in all_rows([RESULT], Plan()))


def test_what_is_over_a_limit_is_said_and_from_where_on_it_would_not_be() -> None:
    assert sentences([RESULT]) == [
        "- Go: CPU over the limit on `/bare`; an operation of 3 spans stays below 5 % from 3 ms of CPU on."
    ]
    slow = replace(RESULT, figures=dict.fromkeys((ORDER, BARE), replace(FIGURES, added_median=1.0)))
    assert sentences([slow]) == ["- Go: latency over the limit on `/order` and `/bare`."]
    large = replace(RESULT, figures={ORDER: FIGURES}, memory=Memory(100e6, 120e6))
    assert sentences([large]) == ["- Go: memory over the limit."]
    assert sentences([replace(RESULT, figures={ORDER: FIGURES})]) == ["- Go: every limit is met."]


def test_the_page_says_where_when_and_with_which_versions() -> None:
    found = text([RESULT], Plan(), {"Go": "leave some out"})
    assert found.count("Measured on 2026-11-27") == 1
    for part in ("otelhttp 0.72.0", "leave some out", "waits 5 ms", "100 a second", "500 in all", "0.3 with Go"):
        assert part in found


def test_languages_that_were_measured_on_different_days_say_so_each() -> None:
    other = replace(RESULT, language="Java", measured="Measured on 2026-11-28: another.")
    found = text([RESULT, other], Plan(), {"Go": "a", "Java": "b"})
    assert "Go: Measured on 2026-11-27" in found
    assert "Java: Measured on 2026-11-28" in found


def test_a_kept_result_is_the_measured_one(tmp_path: Path) -> None:
    keep(RESULT, tmp_path / "go.json")
    assert kept(tmp_path / "go.json") == RESULT
    assert kept(tmp_path / "java.json") is None
    (tmp_path / "half.json").write_text('{"language": "G', encoding="utf-8")
    assert kept(tmp_path / "half.json") is None


def test_a_result_of_another_plan_or_language_is_not_taken_for_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAWKES_CACHE_DIR", str(tmp_path))
    go, java = LANGUAGES["go"], LANGUAGES["java"]
    files = {
        file_of(go, Plan()),
        file_of(java, Plan()),
        file_of(go, Plan(repetitions=1)),
        file_of(replace(go, rounds=1), Plan()),
    }
    assert len(files) == 4
    assert file_of(go, Plan()) == file_of(go, Plan())


def test_every_language_has_a_service_and_spans_for_every_operation() -> None:
    for language in LANGUAGES.values():
        assert language.folder.is_dir()
        assert language.spans.keys() == Plan().rates.keys() == Plan().seconds.keys()
    assert {folder.name for folder in SERVICES.iterdir() if folder.is_dir()} - {"__pycache__"} == {*LANGUAGES}


def test_an_unknown_language_is_refused_before_anything_is_built() -> None:
    with pytest.raises(LabError, match="There is no service in rust"):
        overhead(OUTPUT, ["rust"])


def test_files_that_maven_fetched_are_those_that_are_pinned(tmp_path: Path) -> None:
    (tmp_path / "a.jar").write_bytes(b"a")
    wanted = hashes("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  a.jar\n")
    check(tmp_path, wanted)
    (tmp_path / "b.jar").write_bytes(b"b")
    with pytest.raises(LabError, match=r"other files than SHA256SUMS pins: b\.jar"):
        check(tmp_path, wanted)
    (tmp_path / "b.jar").unlink()
    (tmp_path / "a.jar").write_bytes(b"changed")
    with pytest.raises(LabError, match=r"a\.jar"):
        check(tmp_path, wanted)
