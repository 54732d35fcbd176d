import pytest

from lab.plain import plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x9b31m", r"\x9b31m"),
        ("bell\x07 back\b null\0 del\x7f", r"bell\x07 back\x08 null\x00 del\x7f"),
        ("two\r\nlines\tof", r"two\r\nlines\tof"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("half \ud800", r"half \ud800"),
        ("one\u2028two", r"one\u2028two"),
        ("[bold]no markup[/]", "[bold]no markup[/]"),
        ("Grüße, 日本, 👩‍💻, 5 €", "Grüße, 日本, 👩‍💻, 5 €"),
    ],
)
def test_what_a_terminal_would_obey_is_shown_and_all_else_left(text: str, shown: str) -> None:
    """Span names and logs are written by strangers."""
    assert plain(text) == shown


def test_a_log_keeps_its_lines_and_columns() -> None:
    assert plain("a\tb\nc\x1b", keep="\n\t") == "a\tb\nc\\x1b"
