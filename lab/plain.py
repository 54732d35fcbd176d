"""Make untrusted text safe for a terminal: what moves its cursor, colours or hides text is shown as an escape."""

import unicodedata

# Control characters, line and paragraph separators, and surrogates, which cannot be encoded.
_SHOWN_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}
# Changes of the writing direction, which make a text read as another one.
_SHOWN_DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def plain(text: str, keep: str = "") -> str:
    r"""Return a text with control characters as Python escapes (`\x1b`), except those in `keep`."""
    return "".join(one if one in keep or _harmless(one) else ascii(one)[1:-1] for one in text)


def _harmless(one: str) -> bool:
    return (
        unicodedata.category(one) not in _SHOWN_CATEGORIES
        and unicodedata.bidirectional(one) not in _SHOWN_DIRECTIONS
    )
