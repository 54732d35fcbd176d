"""Texts that may contain anything, inside of Markdown: nothing in them ends an element or reaches anybody."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from review.markdown import code, fenced, folded, one_line, plain, table
from tests.support.markdown import read, words

NASTY = [
    "a | b || c \\| d \\\\| e",
    "```` code ``` with `` fences ` in it",
    "<script>alert(1)</script> <!-- comment --> </details> &amp; <img src=x>",
    "**bold** _italic_ ~~gone~~ [link](http://example.com) ![picture](x) $math$",
    "# heading",
    "- list",
    "1. first",
    "> quotation",
    "+ plus",
    "= = =",
    "ends with a backslash \\",
    "`starts and ends`",
    " spaces  and\ttabs ",
    "two\nlines",
    "---",
]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("`|\\<>*_[]&$#-+=~@\n "), max_size=40)


def shown(text: str) -> str:
    """Return what a reader should see of a text on one line."""
    return one_line(text)


@pytest.mark.parametrize("text", NASTY)
def test_a_plain_text_is_read_as_it_is(text: str) -> None:
    assert words(plain(text)) == shown(text)
    found = read(f"{plain(text)}\n").html.strip()
    assert found.startswith("<p>")
    assert found.count("<") == 2, "only the paragraph's own tags"


@pytest.mark.parametrize("text", NASTY)
def test_code_is_read_as_it_is(text: str) -> None:
    assert words(code(text)) == shown(text)


@given(TEXTS)
@example("|")
@example("\\|")
@example("`|`")
@example("``\\")
def test_every_text_keeps_its_cell(text: str) -> None:
    (rows,) = read(table(("a", "b", "c"), [(code(text), plain(text), "last")])).tables
    assert rows[1][0] == shown(text)
    assert rows[1][1].replace("\u200b", "") == shown(text)
    assert rows[1][2:] == ["last"]


@given(TEXTS)
@example("```\n</details>\n````")
@example("~~~")
def test_every_text_stays_in_its_block(text: str) -> None:
    found = read(f"{folded('title', fenced(text, 'diff'))}\n\nafter\n")
    assert len(found.blocks) == 1
    assert found.html.rstrip().endswith("<p>after</p>")


def test_a_fence_is_longer_than_any_inside() -> None:
    assert fenced("x\n`````\ny").splitlines()[0] == "``````"
    assert read(fenced("x\n`````\ny")).blocks == ["x\n`````\ny\n"]


@pytest.mark.parametrize(
    "text", ["@octocat", "see #12", "org/repo#12", "GH-12", "https://example.com/a", "www.a.example"]
)
def test_a_text_mentions_nobody_and_links_nowhere(text: str) -> None:
    """GitHub would notify a person, or note the pull request on another one."""
    sign = next(mark for mark in ("@", "#", "GH", ":", "www") if mark in text)
    assert f"{sign}\u200b" in plain(text)
    assert f"{sign}\u200b" in folded(text, "x")


def test_a_title_adds_no_html() -> None:
    assert "<summary>&lt;b&gt; x</summary>" in folded("<b>\nx", "content")


@pytest.mark.parametrize(
    ("text", "seen"), [("a\u202eb", "a\\u202eb"), ("a\x00b", "a\\u0000b"), ("a\x1b[0m", "a\\u001b[0m")]
)
def test_what_cannot_be_seen_is_shown(text: str, seen: str) -> None:
    """A text that reverses its direction says something else than it shows."""
    assert one_line(text) == seen
    assert seen in fenced(text)


def test_lines_of_other_systems_are_lines() -> None:
    assert fenced("a\r\nb\r\n") == "```\na\nb\n```"
