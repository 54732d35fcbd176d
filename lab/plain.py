"""Text of strangers, made fit for a terminal: what would move its cursor, colour it or hide something is shown."""

import unicodedata

# Line and paragraph separators, control characters, and halves of characters, which no terminal can be sent.
_SHOWN_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}
# What turns the direction of writing: with it a text reads as another.
_SHOWN_DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def plain(text: str, keep: str = "") -> str:
    r"""Return a text with its control characters written as Python writes them (`\x1b`), except those to keep."""
    return "".join(one if one in keep or _harmless(one) else ascii(one)[1:-1] for one in text)


def _harmless(one: str) -> bool:
    return (
        unicodedata.category(one) not in _SHOWN_CATEGORIES
        and unicodedata.bidirectional(one) not in _SHOWN_DIRECTIONS
    )
