from typing import Any

import pytest

from policies.masking import Masking, Sample
from policies.property import Property

_PATTERN = 'replace_pattern({field}, "(?i)\\\\bbearer \\\\w+", "****"){more}'


def masking(**processors: Any) -> Masking:
    """Return the masking of processors by their ids; `_` separates a type and a name."""
    return Masking(tuple((name.replace("_", "/"), Property(one, name)) for name, one in processors.items()))


@pytest.mark.parametrize(
    "processor",
    [
        {"redaction": {"allow_all_keys": True, "blocked_key_patterns": ["^pass"]}},
        {"redaction": {"allowed_keys": ["http.route"]}},
        {"attributes": {"actions": [{"key": "password", "action": "delete"}]}},
        {"attributes_x": {"actions": [{"pattern": "pass.*", "action": "hash"}]}},
        {"transform": {"trace_statements": ['delete_key(span.attributes, "password")']}},
        {
            "transform": {
                "trace_statements": [{"statements": ['delete_matching_keys(attributes, "^pass\\\\w+$$")']}]
            }
        },
    ],
)
def test_a_key_is_hidden(processor: dict[str, Any]) -> None:
    assert masking(**processor).hides(Sample(attributes={"password": "horse"}), "horse")


@pytest.mark.parametrize(
    "processor",
    [
        {"redaction": {"allow_all_keys": True}},
        {"redaction": {"allowed_keys": ["password"]}},
        {"redaction": {"allowed_keys": ["a"], "ignored_keys": ["password"]}},
        {"attributes": {"actions": [{"key": "password", "action": "insert", "value": "x"}]}},
        {"transform": {"trace_statements": ['delete_key(attributes, "password") where name == "x"']}},
        {
            "transform": {
                "trace_statements": [{"context": "resource", "statements": ['delete_key(attributes, "password")']}]
            }
        },
        {
            "transform": {
                "trace_statements": [
                    {"conditions": ["false"], "statements": ['delete_key(attributes, "password")']}
                ]
            }
        },
        {"batch": {"blocked_key_patterns": ["password"]}},
    ],
)
def test_a_key_is_not_hidden(processor: dict[str, Any]) -> None:
    assert not masking(**processor).hides(Sample(attributes={"password": "horse"}), "horse")


@pytest.mark.parametrize(
    ("field", "more", "hidden"),
    [("name", "", True), ("name", " where kind == 1", False), ("status.message", "", False)],
)
def test_a_secret_in_the_name_of_a_span_is_hidden_by_a_statement_for_it(
    field: str, more: str, *, hidden: bool
) -> None:
    statement = _PATTERN.format(field=field, more=more)
    found = masking(transform={"trace_statements": [{"context": "span", "statements": [statement]}]})
    assert found.hides(Sample(fields={"name": "GET with Bearer abcdef"}), "abcdef") is hidden


@pytest.mark.parametrize(("pattern", "hidden"), [("(?i)bearer \\\\w+", True), ("basic", False)])
def test_a_secret_in_a_value_is_hidden_by_its_pattern(pattern: str, *, hidden: bool) -> None:
    redaction = masking(redaction={"allow_all_keys": True, "blocked_values": [pattern.replace("\\\\", "\\")]})
    transform = masking(
        transform={"trace_statements": [f'replace_all_patterns(attributes, "value", "{pattern}", "")']}
    )
    for found in (redaction, transform):
        assert found.hides(Sample(attributes={"app.note": "Bearer abcdef"}), "abcdef") is hidden


_MOVED = (
    {"statements": ['set(attributes["n"], name) where not IsMatch(name, "^[A-Z /]*$$")']},
    {
        "conditions": ['attributes["n"] != nil'],
        "statements": [
            'set(name, attributes["n"]) where IsString(attributes["n"])',
            'delete_key(attributes, "n")',
        ],
    },
)


@pytest.mark.parametrize(
    ("blocked", "plain", "shown"),
    [
        (["Bearer \\w+"], "GET /a", "GET /a"),
        (["Bearer \\w+"], "Bearer abc", "****"),
        (["Basic \\w+"], "Bearer abc", "Bearer abc"),
    ],
)
def test_a_field_is_searched_as_an_attribute_and_goes_back(blocked: list[str], plain: str, shown: str) -> None:
    sample = Sample(fields={"name": plain})
    found = masking(
        transform_a={"trace_statements": [_MOVED[0]]},
        redaction={"allow_all_keys": True, "blocked_values": blocked},
        transform_b={"trace_statements": [_MOVED[1]]},
    )
    found.hides(sample, "abc")
    assert sample == Sample(fields={"name": shown})


@pytest.mark.parametrize(("key", "hidden"), [("app.note", True), ("ignored", False)])
def test_what_a_processor_ignores_is_masked_only_by_another(key: str, *, hidden: bool) -> None:
    found = masking(redaction={"allow_all_keys": True, "ignored_keys": ["ignored"], "blocked_values": ["abc"]})
    assert found.hides(Sample(attributes={key: "abc"}), "abc") is hidden


def test_a_statement_that_keeps_a_part_of_the_match_masks_nothing() -> None:
    found = masking(transform={"trace_statements": ['replace_pattern(name, "(abc).*", "$$1")']})
    assert not found.hides(Sample(fields={"name": "abcdef"}), "def")
