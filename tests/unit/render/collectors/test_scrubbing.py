"""Masking with Python's `re` in place of the collector's RE2, which the tier `tools` asks."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from policies.masking import Masking, Sample
from policies.property import Property
from render.collectors.routing import NAMESPACE_ATTRIBUTE
from render.collectors.sampling import POLICY_ATTRIBUTE
from render.collectors.scrubbing import scrub_names, scrubbing
from render.collectors.scrubbing.keys import BOUNDED, FREE_TEXT
from settings.scrubbing import READ_BEHIND_MASKING, Scrubbing

# Written apart, so that no scanner takes this file for a leak.
JWT = "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0In0" + ".c2lnbmF0dXJl"
STRIPE, AWS, GOOGLE = "sk_" + "live_" + "0a" * 8, "AKIA" + "A" * 16, "AIza" + "b" * 35
GITHUB, GITLAB, SLACK = "ghp_" + "c1" * 18, "glpat-" + "d" * 20, "xoxb-" + "1" * 12


def processors(**settings: Any) -> Mapping[str, Any]:
    """Return the rendered processors."""
    return scrubbing(Scrubbing(**settings))


def masked(sample: Sample, **settings: Any) -> Sample:
    """Return what is left of a span's texts."""
    masking = Masking(tuple((name, Property(one, name)) for name, one in processors(**settings).items()))
    masking.hides(sample, "")
    return sample


def value(text: str, key: str = "app.note") -> str:
    """Return an attribute's value behind the processors."""
    return masked(Sample(attributes={key: text})).attributes[key]


SECRETS = [
    ("Authorization: Bearer abc.def-123", "Authorization: B****"),
    ("Basic dXNlcjpwYXNzd29yZA== sent", "B**** sent"),
    (f"cookie {JWT} expired", "cookie e**** expired"),
    (f"charged with {STRIPE}.", "charged with s****."),
    (f"as {AWS}/20261101", "as ****/20261101"),
    (f"/maps?k={GOOGLE}", "/maps?k=****"),
    (f"git clone with {GITHUB}", "git clone with ****"),
    (f"{GITLAB} and {SLACK}", "**** and ****"),
    ("/cb?code=1&access_token=xyz&state=2", "/cb?code=1&access_****&state=2"),
    ('{"password": "hunter2", "user": "bob"}', '{"pa****, "user": "bob"}'),
    ("host=db password='a b' port=5", "host=db pa**** port=5"),
    ("/o?X-Amz-Signature=0123abcd", "/o?X-Amz-Si****"),
    ("postgres://app:pw@db:5432/shop", "postgres****db:5432/shop"),
    ("mail to Ada.Lovelace+x@mail.example.com now", "mail to **** now"),
    ("/users/ada%40example.org/orders", "/users/****/orders"),
    ("card 4111 1111 1111 1111 declined", "card **** declined"),
    ("5500-0000-0000-0004", "****"),
    ("378282246310005", "****"),
]
HARMLESS = [
    "11eb4678-7889-3121-498d-83332035bce5",
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


@pytest.mark.parametrize(("text", "expected"), SECRETS)
def test_a_secret_is_masked_and_the_rest_stays_readable(text: str, expected: str) -> None:
    assert value(text) == expected


@pytest.mark.parametrize("text", HARMLESS)
def test_what_people_search_by_is_left_alone(text: str) -> None:
    assert value(text) == text


SECRET_NAMES = [
    "http.request.header.authorization",
    "Proxy-Authorization",
    "http.response.header.set-cookie",
    "cookie2",
    "http.request.header.x_api_key",
    "http.request.header.x-api-key",
    "aws.access_key_id",
    "csrf_token",
    "http.request.header.x-amz-security-token",
    "db.password",
    "PGPASSWORD",
    "oauth.client_secret",
    "aws.credentials",
    "http.session.id",
    "sessionid",
    "user.email",
    "customer.e-mail.address",
    "payment.card_number",
    "cvv",
    "db.query.parameter.0",
    "db.operation.parameter.name",
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
    "messaging.kafka.message.key",
    "cache.key",
    "author",
    "company",
    "http.response.header.content-type",
    "email_count",
    "tokenizer.name",
    "secretary",
    "k8s.secret.name",
    "session.duration",
    "permission.id",
    "app.details",
    "compression",
]


@pytest.mark.parametrize("key", SECRET_NAMES)
def test_an_attribute_with_a_secrets_name_is_masked_as_a_whole(key: str) -> None:
    assert value("correct horse", key) == "****"


@pytest.mark.parametrize("key", HARMLESS_NAMES)
def test_a_name_that_only_resembles_one_is_left_alone(key: str) -> None:
    assert value("correct horse", key) == "correct horse"


@pytest.mark.parametrize("field", ["name", "status.message"])
@pytest.mark.parametrize(("text", "expected"), SECRETS)
def test_a_secret_in_a_field_is_masked_like_one_in_an_attribute(field: str, text: str, expected: str) -> None:
    assert masked(Sample(fields={field: text})) == Sample(fields={field: expected})


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_name_of_a_span_stays(text: str) -> None:
    assert masked(Sample(fields={"name": text})) == Sample(fields={"name": text})


@pytest.mark.parametrize(("text", "expected"), SECRETS)
def test_names_of_spans_can_be_masked_alone(text: str, expected: str) -> None:
    """Metrics are made in the agents, where nothing else is masked."""
    sample = Sample(fields={"name": text})
    Masking((("transform/names", Property(scrub_names(), "names")),)).hides(sample, "")
    assert sample.fields["name"] == expected


# The first part of an expression, if Go can search for it: characters that stand for themselves.
PREFIX = re.compile(r"(?:[A-Za-z0-9 _/:;=@,<>\"'&%#!~-]|\\[.])+(?![*?])")
# `^` lets an expression fail at the first character.
ANCHORED = re.compile(r"\^|\(\?:\^")


@pytest.mark.parametrize("name", ["redaction/names", "redaction/tokens", "redaction/assignments"])
def test_every_pattern_without_a_gate_begins_with_a_literal(name: str) -> None:
    """Without one Go tries every position of every value: 1 to 3 µs for 100 characters instead of 60 ns."""
    config = processors()[name]
    patterns = [*config.get("blocked_key_patterns", ()), *config.get("blocked_values", ())]
    slow = [one for one in patterns if not PREFIX.match(one) and not ANCHORED.match(one)]
    assert slow == ([] if name != "redaction/names" else [one for one in patterns if one.startswith("[._-]")])


def test_an_allow_list_keeps_what_the_conventions_and_the_stack_name() -> None:
    """What is kept is still masked."""
    given = {"http.route": "/a", "url.full": "/a?token=abc12", "order.id": "7", "app.note": "x"}
    settings = {"mode": "allow_list", "allowed_keys": ("order.id",)}
    assert masked(Sample(attributes=dict(given)), **settings).attributes == {
        "http.route": "/a",
        "url.full": "/a?****",
        "order.id": "7",
    }
    assert masked(Sample({"name": "GET /a?token=abc12"}), **settings).fields == {"name": "GET /a?****"}


def test_a_stack_masks_more_keys_and_patterns() -> None:
    """Even a key that is bounded in the conventions."""
    settings = {
        "additional_keys": ("customer.number", "client.address"),
        "additional_patterns": ("CUST-[0-9]{4}",),
    }
    given = {"customer.number": "17", "client.address": "10.0.0.1", "app.note": "for CUST-1234 at once"}
    assert masked(Sample(attributes=given), **settings).attributes == {
        "customer.number": "****",
        "client.address": "****",
        "app.note": "for **** at once",
    }


def test_bounded_attributes_are_passed_by_name() -> None:
    configs = [config for name, config in processors().items() if name.startswith("redaction")]
    assert all(set(config["ignored_keys"]) >= BOUNDED for config in configs)
    assert not FREE_TEXT & BOUNDED


def test_an_error_while_scrubbing_drops_the_batch() -> None:
    configs = [config for name, config in processors().items() if name.startswith("transform")]
    assert [config["error_mode"] for config in configs] == ["propagate", "propagate"]


def test_labels_of_span_metrics_are_masked_by_additional_patterns_too() -> None:
    masking = Masking((("transform/names", Property(scrub_names(("acme-[0-9]+",)), "names")),))
    assert masking.hides(Sample(fields={"name": "GET /acme-4711"}), "4711")


def test_settings_know_what_is_read_behind_masking() -> None:
    assert {NAMESPACE_ATTRIBUTE, POLICY_ATTRIBUTE} == READ_BEHIND_MASKING
