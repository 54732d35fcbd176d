"""A comment as a reader sees it: CommonMark with GitHub's tables, by a renderer that is not ours."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token


@dataclass(frozen=True)
class Read:
    """What a renderer made of a text: `cells` by table and row, `blocks` of code, and everything as HTML."""

    tables: list[list[list[str]]]
    blocks: list[str]
    html: str

    def table(self, heading: str) -> list[list[str]]:
        """Return the rows of the first table that has this heading, the headings among them."""
        return next(table for table in self.tables if heading in table[0])


def read(text: str) -> Read:
    """Return what a reader sees."""
    tokens = _parser().parse(text)
    return Read(
        tables=list(_tables(tokens)),
        blocks=[token.content for token in tokens if token.type == "fence"],
        html=_parser().renderer.render(tokens, _parser().options, {}),
    )


def words(markdown: str) -> str:
    """Return the text of one line of Markdown, without what GitHub does not show."""
    return _words(_parser().parseInline(markdown)[0]).replace("\u200b", "")


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _tables(tokens: list[Token]) -> Iterator[list[list[str]]]:
    rows: list[list[str]] | None = None
    for token in tokens:
        if token.type == "table_open":
            rows = []
        elif rows is not None and token.type == "tr_open":
            rows.append([])
        elif rows is not None and token.type == "inline":
            rows[-1].append(_words(token))
        elif rows is not None and token.type == "table_close":
            yield rows
            rows = None


def _words(token: Token) -> str:
    return "".join(child.content for child in token.children or ())
