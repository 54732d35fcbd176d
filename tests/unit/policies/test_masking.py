from typing import Any

import pytest

from policies.masking import Masking
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
    assert masking(**processor).hides_key("password")


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
    assert not masking(**processor).hides_key("password")


@pytest.mark.parametrize(
    ("field", "more", "hidden"),
    [("name", "", True), ("name", " where kind == 1", False), ("status.message", "", False)],
)
def test_a_secret_in_the_name_of_a_span_is_hidden_by_a_statement_for_it(
    field: str, more: str, *, hidden: bool
) -> None:
    statement = _PATTERN.format(field=field, more=more)
    found = masking(transform={"trace_statements": [{"context": "span", "statements": [statement]}]})
    assert found.hides_in("name", "GET with Bearer abcdef") is hidden


@pytest.mark.parametrize(("pattern", "hidden"), [("(?i)bearer", True), ("basic", False)])
def test_a_secret_in_a_value_is_hidden_by_its_pattern(pattern: str, *, hidden: bool) -> None:
    redaction = masking(redaction={"allow_all_keys": True, "blocked_values": [pattern]})
    transform = masking(
        transform={"trace_statements": [f'replace_all_patterns(attributes, "value", "{pattern}", "")']}
    )
    assert redaction.hides_value("Bearer x") is hidden
    assert transform.hides_value("Bearer x") is hidden
