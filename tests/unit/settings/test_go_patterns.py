import pytest

from settings.go_patterns import fault


@pytest.mark.parametrize(
    "pattern",
    [
        "CUST-[0-9]{8}",
        r"acme_(?:live|test)_\w+",
        r"X-Acme-Key:\s*[^\s,]+",
        r"ACME\.[A-Za-z0-9_\-]{4,64}$",
        "abc(d|e)*?",
        r"id=\d+\b",
    ],
)
def test_what_go_reads_like_python_is_allowed(pattern: str) -> None:
    assert fault(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "wrong"),
    [
        ("a" * 201, "is longer than 200 characters"),
        ("", "begins with 0 literal characters"),
        ("ab[0-9]+", "begins with 2 literal characters"),
        ("abc*d", "begins with 2 literal characters"),
        ("abc?", "begins with 2 literal characters"),
        (r"\d{16}", "begins with 0 literal characters"),
        ("CUST|ACME", "has alternatives outside of a group, so it has no literal beginning"),
        ("(?i)cust-", "has a part that is not allowed at character 1"),
        ("abc(?=d)", "has a part that is not allowed at character 4"),
        ("abc(?<!d)", "has a part that is not allowed at character 4"),
        (r"abc(d)\1", "has a part that is not allowed at character 7"),
        ("abc(?P<x>d)", "has a part that is not allowed at character 4"),
        ("abc(?>d)", "has a part that is not allowed at character 4"),
        ("abcd++", "repeats nothing at character 6"),
        ("abc(*d)", "has a part that is not allowed at character 4"),
        ("abcd{65}", "repeats a part more than 64 times at character 5"),
        ("abcd{2,9999}", "repeats a part more than 64 times at character 5"),
        ("abcd{2,1}", "does not compile: min repeat greater than max repeat at position 5"),
        ("abc)", "closes a group that is not open at character 4"),
        ("abc(d", "leaves a group open"),
        ("abc[z-a]", "does not compile: bad character range z-a at position 4"),
        ("abc[[:alpha:]]", "has a part that is not allowed at character 4"),
        ("abcä", "has a part that is not allowed at character 4"),
        ("^abc", "has a part that is not allowed at character 1"),
    ],
)
def test_what_go_refuses_or_finds_slowly_is_refused(pattern: str, wrong: str) -> None:
    assert fault(pattern) == wrong
