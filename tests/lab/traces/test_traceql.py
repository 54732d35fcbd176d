import io
import sys
from pathlib import Path

import pytest

from lab.errors import LabError
from lab.traces.traceql import given_query

# All that a shell or make would read.
HARD = """{ name = "a 'b' $c $(d) `e` \\\\f # g" && span.price =~ "5\\\\$" }"""


class Terminal(io.TextIOWrapper):
    """Standard input at which somebody sits."""

    def isatty(self) -> bool:
        """Whether it is one."""
        return True


def standard_input(monkeypatch: pytest.MonkeyPatch, content: bytes, kind: type[io.TextIOWrapper]) -> None:
    """Put this into standard input."""
    monkeypatch.setattr(sys, "stdin", kind(io.BytesIO(content)))


def test_a_query_is_taken_from_wherever_it_is_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "query.traceql"
    file.write_bytes(b"\xef\xbb\xbf" + HARD.encode() + b"\r\n")
    assert given_query(HARD, "") == HARD
    assert given_query("", str(file)) == HARD
    for argument in ("", "-"):
        standard_input(monkeypatch, f"{HARD}\n".encode(), io.TextIOWrapper)
        assert given_query(argument, "") == HARD


@pytest.mark.parametrize("argument", ["", "   ", "-"])
def test_no_query_is_told_with_the_ways_to_give_one(argument: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tempo takes an empty one for a search of everything."""
    for kind in (io.TextIOWrapper, Terminal):
        standard_input(monkeypatch, b"\n", kind)
        with pytest.raises(LabError, match="There is no query") as failure:
            given_query(argument, "")
        assert "FILE=" in failure.value.fix


def test_nobody_at_a_terminal_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make query` alone would otherwise stand still without a word."""
    standard_input(monkeypatch, b"{}", Terminal)
    with pytest.raises(LabError, match="There is no query"):
        given_query("", "")


def test_a_closed_standard_input_has_no_query(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(LabError, match="There is no query"):
        given_query("-", "")


def test_two_queries_are_one_too_many() -> None:
    with pytest.raises(LabError, match="two queries"):
        given_query("{}", "query.traceql")


@pytest.mark.parametrize("name", [".", "missing", "binary", "nul\0"])
def test_a_file_that_holds_no_query_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(LabError, match=r"No query can be read from|is not UTF-8"):
        given_query("", str(tmp_path / name))
