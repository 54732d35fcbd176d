"""Text of others, safe for a terminal."""

# A server's message that is longer is cut: the report has one sentence for each requirement.
_LONGEST = 400


def one_line(text: object) -> str:
    """Return a text on one line, without control characters, cut to a readable length."""
    shown = "".join(one if one.isprintable() else " " for one in str(text))
    shown = " ".join(shown.split())
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
