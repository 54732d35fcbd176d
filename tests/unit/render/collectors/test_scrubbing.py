"""Masked and unmasked examples, checked with Python's `re` instead of the collector's RE2.

Where the two differ the patterns are translated: RE2 takes a flag such as (?i) anywhere, Python only at
the start or for a group; RE2's `$` is the very end of the text, Python's also stands before a last line
break; RE2 knows only ASCII words, digits and blanks. That the collector itself accepts and applies them is shown
with the real one, in the tiers tools and cluster.
"""

import re
from typing import Any

import pytest

from render.collectors.scrubbing import MASK, SECRET_ATTRIBUTES, SECRET_VALUES, scrub_patterns, scrub_statements

# Written apart, so that no scanner takes this file for a leak.
JWT = "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0In0" + ".c2lnbmF0dXJl"
STRIPE, AWS, GOOGLE = "sk_" + "live_" + "0a" * 8, "AKIA" + "A" * 16, "AIza" + "b" * 35
GITHUB, GITLAB, SLACK = "ghp_" + "c" * 36, "glpat-" + "d" * 20, "xoxb-" + "1" * 12


def as_python(pattern: str) -> str:
    """Translate a pattern of RE2 to one of Python's `re` that means the same."""
    grouped = re.sub(r"\(\?:\(\?([a-z])\)", r"(?\1:", pattern)
    return re.sub(r"(?<!\\)\$", r"\\Z", grouped)


def masked(text: str) -> str:
    """Return a value after the redaction processor: one pattern after the other."""
    for pattern in SECRET_VALUES:
        text = re.sub(as_python(pattern), MASK, text, flags=re.ASCII)
    return text


def is_secret_name(key: str) -> bool:
    """Return whether the redaction processor masks the whole value of an attribute."""
    return any(re.search(as_python(pattern), key, flags=re.ASCII) for pattern in SECRET_ATTRIBUTES)


SECRETS = [
    (SECRET_VALUES[0], "Authorization: Bearer abc.def-123", "Authorization: ****"),
    (SECRET_VALUES[0], "got BEARER:tokentoken from peer", "got **** from peer"),
    (SECRET_VALUES[1], "Basic dXNlcjpwYXNzd29yZA== sent", "**** sent"),
    (SECRET_VALUES[2], f"cookie {JWT} expired", "cookie **** expired"),
    (SECRET_VALUES[3], f"charged with {STRIPE}.", "charged with ****."),
    (SECRET_VALUES[4], f"as {AWS}/20261101", "as ****/20261101"),
    (SECRET_VALUES[5], f"/maps?k={GOOGLE}", "/maps?k=****"),
    (SECRET_VALUES[6], f"git clone with {GITHUB}", "git clone with ****"),
    (SECRET_VALUES[6], f"{GITLAB} and {SLACK}", "**** and ****"),
    (SECRET_VALUES[7], "/cb?code=1&access_token=xyz&state=2", "/cb?code=1&****&state=2"),
    (SECRET_VALUES[7], '{"password": "hunter2", "user": "bob"}', '{"****", "user": "bob"}'),
    (SECRET_VALUES[7], "host=db password='a b' port=5", "host=db **** b' port=5"),
    (SECRET_VALUES[7], "/o?X-Amz-Signature=0123abcd", "/o?****"),
    (SECRET_VALUES[8], "postgres://app:pw@db:5432/shop", "postgres****db:5432/shop"),
    (SECRET_VALUES[9], "mail to Ada.Lovelace+x@mail.example.com now", "mail to **** now"),
    (SECRET_VALUES[9], "/users/ada%40example.org/orders", "/users/****/orders"),
    (SECRET_VALUES[10], "card 4111 1111 1111 1111 declined", "card **** declined"),
    (SECRET_VALUES[10], "5500-0000-0000-0004", "****"),
    (SECRET_VALUES[11], "378282246310005", "****"),
]
HARMLESS = [
    "GET /api/v1/orders/1234567890",
    # The time in seconds, milliseconds, microseconds and nanoseconds.
    "1795200000",
    "1795200000000",
    "1795200000000000",
    "1795200000000000000",
    "2026-11-22T19:00:00.123456Z",
    # Ids of traces and spans, a UUID, a digest.
    "4bf92f3577b34da6a3ce929d0e0e4736",
    "00f067aa0ba902b7",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "123e4567-e89b-12d3-a456-426614174000",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    # Kubernetes.
    "otel-gateway-0.otel-gateway.fawkes-observability.svc.cluster.local:4317",
    "checkout-7d9c5b8f6-x2x4z",
    "docker.io/grafana/tempo:2.10.8",
    # Versions and packages.
    "go1.24.3",
    "express@4.18.2",
    "/node_modules/@scope/package@1.2.3-beta.4/index.js",
    "opentelemetry-sdk 1.38.0",
    # Words that only begin or end like a secret's name.
    "1024 tokens used",
    "token count of 12",
    "the design: blue",
    "https://example.com:8443/path?page=2&size=50",
    "basic auth is off",
    "10.0.12.7:53211",
]


@pytest.mark.parametrize(("pattern", "text", "expected"), SECRETS)
def test_a_secret_is_masked_and_the_rest_stays_readable(pattern: str, text: str, expected: str) -> None:
    assert re.search(as_python(pattern), text, flags=re.ASCII)
    assert masked(text) == expected


@pytest.mark.parametrize("text", HARMLESS)
def test_what_people_search_by_is_left_alone(text: str) -> None:
    assert masked(text) == text


def test_every_pattern_of_values_has_an_example() -> None:
    assert {pattern for pattern, _, _ in SECRETS} == set(SECRET_VALUES)


SECRET_NAMES = [
    (0, "http.request.header.authorization"),
    (0, "Proxy-Authorization"),
    (1, "http.response.header.set-cookie"),
    (1, "cookie2"),
    (2, "http.request.header.x_api_key"),
    (2, "http.request.header.x-api-key"),
    (2, "aws.access_key_id"),
    (3, "csrf_token"),
    (3, "http.request.header.x-amz-security-token"),
    (4, "db.password"),
    (4, "PGPASSWORD"),
    (5, "oauth.client_secret"),
    (6, "aws.credentials"),
    (7, "http.session.id"),
    (7, "sessionid"),
    (8, "user.email"),
    (8, "customer.e-mail.address"),
    (9, "payment.card_number"),
    (9, "cvv"),
    (10, "db.query.parameter.0"),
    (10, "db.operation.parameter.name"),
]
HARMLESS_NAMES = [
    "llm.token_count",
    "gen_ai.usage.input_tokens",
    "http.request.method",
    "http.route",
    "url.path",
    "user.id",
    "enduser.id",
    "service.name",
    "k8s.pod.name",
    "k8s.pod.uid",
    "db.system",
    "db.query.text",
    "messaging.kafka.message.key",
    "cache.key",
    "author",
    "company",
    "http.response.header.content-type",
    "email_count",
    "tokenizer.name",
    "secretary",
    "session.duration",
]


@pytest.mark.parametrize(("index", "key"), SECRET_NAMES)
def test_an_attribute_with_a_secrets_name_is_masked_as_a_whole(index: int, key: str) -> None:
    assert re.search(as_python(SECRET_ATTRIBUTES[index]), key, flags=re.ASCII)
    assert is_secret_name(key)


def test_every_pattern_of_names_has_an_example() -> None:
    assert {index for index, _ in SECRET_NAMES} == set(range(len(SECRET_ATTRIBUTES)))


@pytest.mark.parametrize("key", HARMLESS_NAMES)
def test_a_name_that_only_resembles_one_is_left_alone(key: str) -> None:
    assert not is_secret_name(key)


def test_redaction_masks_all_types_keeps_all_keys_and_says_nothing() -> None:
    config = scrub_patterns()
    patterns = config.pop("blocked_key_patterns"), config.pop("blocked_values")
    assert config == {"allow_all_keys": True, "redact_all_types": True, "summary": "silent"}
    assert [[pattern.replace("$$", "$") for pattern in found] for found in patterns] == [
        list(SECRET_ATTRIBUTES),
        list(SECRET_VALUES),
    ]


# OTTL, as far as these rules use it: replace_pattern(target, "pattern", "replacement") [where condition].
QUOTED = r'"((?:[^"\\]|\\.)*)"'
RULE = re.compile(rf"replace_pattern\((?P<target>.+?), {QUOTED}, {QUOTED}\)(?: where (?P<where>.+))?")
IS_MATCH = re.compile(rf"IsMatch\((.+?), {QUOTED}\)")


def unquoted(text: str) -> str:
    """Return an OTTL literal's text, after the collector's own expansion of `$$`."""
    return re.sub(r"\\(.)", r"\1", text.replace("$$", "$"))


def scrubbed(context: str, values: dict[str, str]) -> dict[str, str]:
    """Apply one context's rules to `{target: text}`, as the transform processor would."""
    (group,) = [found for found in scrub_statements()["trace_statements"] if found["context"] == context]
    for rule in group["statements"]:
        found = RULE.fullmatch(rule)
        assert found, rule
        target, where = found["target"], found["where"]
        if target in values and (where is None or holds(where, values)):
            pattern, replacement = as_python(unquoted(found[2])), unquoted(found[3])
            values[target] = re.sub(pattern, replacement.replace("$", "\\"), values[target], flags=re.ASCII)
    return values


def holds(where: str, values: dict[str, str]) -> bool:
    """Return whether any of the conditions holds; a missing attribute matches nothing."""
    return any(
        re.search(as_python(unquoted(pattern)), values.get(target, ""), flags=re.ASCII)
        for target, pattern in IS_MATCH.findall(where)
    )


STATEMENTS = [
    ("SELECT * FROM users WHERE name = 'bob' AND age > 42", "SELECT * FROM users WHERE name = ? AND age > ?"),
    ("SELECT 'it''s', 'a\\'b', \"quoted\"", "SELECT ?, ?, ?"),
    ("INSERT INTO t VALUES (0xFF, 1.5, -3)", "INSERT INTO t VALUES (?, ?, -?)"),
    ("SELECT 1 -- password is x\nFROM t", "SELECT ? ?\nFROM t"),
    ("SELECT /* bob@example.com */ a FROM t", "SELECT ? a FROM t"),
    ("SELECT $tag$ secret $tag$ FROM t", "SELECT ? FROM t"),
    ("SELECT name FROM t WHERE a = 'cut off in the mid", "SELECT name FROM t WHERE a = ?"),
    ("SELECT col1, t2.x FROM t2", "SELECT col1, t2.x FROM t2"),
]


@pytest.mark.parametrize("key", ["db.statement", "db.query.text"])
@pytest.mark.parametrize("context", ["resource", "span", "spanevent"])
@pytest.mark.parametrize(("statement", "expected"), STATEMENTS)
def test_a_statement_keeps_its_shape_and_loses_its_values(
    key: str, context: str, statement: str, expected: str
) -> None:
    target = f'attributes["{key}"]'
    assert scrubbed(context, {target: statement}) == {target: expected}


@pytest.mark.parametrize("system", ["db.system", "db.system.name"])
def test_of_a_key_value_stores_command_only_the_verb_stays(system: str) -> None:
    target = 'attributes["db.query.text"]'
    values = {target: "SET user:17 hunter2\nEX 60", f'attributes["{system}"]': "redis"}
    assert scrubbed("span", values)[target] == "SET ?"


@pytest.mark.parametrize(
    ("context", "target"),
    [
        ("spanevent", 'attributes["exception.message"]'),
        ("spanevent", 'attributes["exception.stacktrace"]'),
        ("span", "status.message"),
    ],
)
@pytest.mark.parametrize("gap", [" ", "\n"])
def test_an_exception_that_quotes_a_statement_loses_the_quoted_values(context: str, target: str, gap: str) -> None:
    quoting = f"duplicate key: INSERT INTO users{gap}VALUES ('bob')"
    assert scrubbed(context, {target: quoting}) == {target: quoting.replace("'bob'", "?")}
    assert scrubbed(context, {target: "can't open 'file.txt'"}) == {target: "can't open 'file.txt'"}


@pytest.mark.parametrize(
    ("context", "target"), [("span", "name"), ("span", "status.message"), ("spanevent", "name")]
)
@pytest.mark.parametrize(("_pattern", "text", "_expected"), SECRETS)
def test_texts_that_are_no_attributes_are_masked_too(
    context: str, target: str, _pattern: str, text: str, _expected: str
) -> None:
    assert MASK in scrubbed(context, {target: text})[target]


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_name_of_a_span_stays(text: str) -> None:
    assert scrubbed("span", {"name": text}) == {"name": text}


def test_an_error_while_scrubbing_drops_the_batch() -> None:
    config: dict[str, Any] = scrub_statements()
    assert config["error_mode"] == "propagate"
