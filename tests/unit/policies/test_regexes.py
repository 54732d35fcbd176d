import pytest

from policies.property import Property
from policies.regexes import compiled
from policies.unjudged import UnjudgedError


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(?i)token", "X-TOKEN"),
        ("(?:(?i)bearer x)|(?:y)", "BEARER X"),
        (r"(?i)(^|[._-])(set[._-])?cookie\d?$", "http.response.header.Set-Cookie"),
        (r"(?:(?s)/\*.*?(\*/|$))|z", "/* a\nb */"),
        (r"[)(]x", "(x"),
        (r"[]a]b", "]b"),
        (r"\(?i", "i"),
        ("(?P<name>(?i)a)b", "Ab"),
    ],
)
def test_an_expression_matches_as_in_go(pattern: str, text: str) -> None:
    assert compiled(Property(pattern, "pattern")).search(text)


@pytest.mark.parametrize(("pattern", "text"), [("(?:(?i)a)|b", "B"), ("(?:(?i)a)b", "aB"), ("x(?:(?i)y)z", "xYZ")])
def test_flags_end_with_their_group(pattern: str, text: str) -> None:
    assert not compiled(Property(pattern, "pattern")).search(text)


@pytest.mark.parametrize("pattern", ["(", "a(?i)b", "*", ")", "(?U)a", "[a"])
def test_what_means_something_else_in_python_cannot_be_judged(pattern: str) -> None:
    with pytest.raises(UnjudgedError, match="pattern is no regular expression"):
        compiled(Property(pattern, "pattern"))
