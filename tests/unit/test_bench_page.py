"""Benchmarks write their own section of docs/performance.md, with the machine and how busy it was."""

import os
from pathlib import Path

import pytest

from bench.busy import busy_seconds, of_stat
from bench.machine import gibibytes, machine, processor
from bench.page import PAGE, begins, ends, replaced, write
from lab.errors import LabError

SECTIONS = ("gateway", "throughput", "scaling", "queries", "overhead", "overload")
OLD = f"# Page\n\n{begins('queries')}\n\nold\n\n{ends('queries')}\n\n{begins('overload')}\n{ends('overload')}\n"


def test_a_section_gets_the_new_text_and_nothing_else_changes() -> None:
    assert replaced(OLD, "queries", "\nnew | text\n") == OLD.replace("old", "new | text")


def test_writing_twice_is_like_writing_once(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(OLD, encoding="utf-8")
    write("overload", "first", page)
    once = page.read_text(encoding="utf-8")
    write("overload", "first", page)
    assert page.read_text(encoding="utf-8") == once
    assert "first" in once


@pytest.mark.parametrize("missing", [begins("queries"), ends("queries")])
def test_a_missing_comment_is_named(missing: str) -> None:
    with pytest.raises(LabError, match=missing):
        replaced(OLD.replace(missing, ""), "queries", "new")


@pytest.mark.parametrize("section", SECTIONS)
def test_the_page_has_every_section(section: str) -> None:
    assert "new text" in replaced(PAGE.read_text(encoding="utf-8"), section, "new text")


def test_a_processor_is_named_with_family_and_model() -> None:
    cpuinfo = "processor\t: 0\ncpu family\t: 25\nmodel\t\t: 17\nmodel name\t: AMD EPYC\nflags\t\t: fpu vme\n"
    assert processor(cpuinfo) == "AMD EPYC (family 25, model 17)"
    assert processor("processor\t: 0\nmodel name\t: Neoverse\n") == "Neoverse"


def test_memory_is_in_gibibytes() -> None:
    assert gibibytes("MemTotal:       25165824 kB\nMemFree: 1 kB\n") == 24


def test_the_line_of_this_machine_is_one_sentence_with_its_parts() -> None:
    line = machine()
    assert "\n" not in line
    for part in ("Measured on 20", "core", "GiB", "Linux"):
        assert part in line


def test_busy_is_every_tick_but_those_of_idle_cores() -> None:
    """The ninth column, of guests, is a part of the first: it must not count twice."""
    stat = "cpu  100 10 50 1000 200 1 2 7 90 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n"
    assert of_stat(stat) * os.sysconf("SC_CLK_TCK") == 170


def test_this_machine_is_busier_with_time() -> None:
    before = busy_seconds()
    sum(range(10**7))
    assert busy_seconds() > before
