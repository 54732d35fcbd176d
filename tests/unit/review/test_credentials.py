"""Credentials that nobody marked as secrets do not reach a comment; ordinary configuration does."""

import pytest

from review.credentials import HIDDEN, without_secrets
from settings.project import REPO
from tests.support.stacks import STACKS

PLANTED = {
    "an access key of Amazon": ("AKIAIOSFODNN7EXAMPLE", "AKIA"),
    "a token of GitHub": ("ghp_0123456789abcdefghijABCDEFGHIJ012345", "ghp_"),
    "a fine-grained token of GitHub": ("github_pat_11ABCDEFG0123456789_abcdefghij", "github_pat_"),
    "a token of GitLab": ("glpat-abcdefghij0123456789", "glpat-"),
    "a bearer token": ("Authorization: Bearer abcdef0123456789abcdef", "Bearer "),
    "a signed token": ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "eyJ"),
    "a password in a URL": ("postgres://user:hunter2!@db.example/x", "postgres://user:"),
    "a private key": ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----", "-----BEGIN"),
    "a field of YAML": ("secret_key: wJalrXUtnFEMI/K7MDENG", "secret_key: "),
    "a field of JSON": ('{"password": "hunter2"}', '{"password": "'),
    "an assignment": ("MINIO_ROOT_PASSWORD=hunter2", "MINIO_ROOT_PASSWORD="),
}
SECRETS = ["AKIAIOSFODNN7EXAMPLE", "hunter2", "MIIE", "wJalrXUtnFEMI", "c2lnbmF0dXJl", "0123456789"]


@pytest.mark.parametrize(("text", "kept"), PLANTED.values(), ids=PLANTED)
def test_a_credential_is_hidden_and_its_kind_is_named(text: str, kept: str) -> None:
    found = without_secrets(f"before {text} after")
    assert f"{kept}{HIDDEN}" in found or found.startswith(f"before {kept}")
    assert HIDDEN in found
    assert not [secret for secret in SECRETS if secret in found]


@pytest.mark.parametrize(
    "text",
    [
        "secret_key: ${STORE_SECRET_KEY}",
        "password: null",
        "automountServiceAccountToken: false",
        "endpoint: http://otel-gateway.svc:4317",
        "kms_key_id: arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d",
        "ghp_short",
        f"secret_key: {HIDDEN}",
    ],
)
def test_ordinary_configuration_stays(text: str) -> None:
    assert without_secrets(text) == text


@pytest.mark.parametrize("stack", STACKS)
def test_nothing_that_this_project_renders_looks_like_a_credential(stack: str) -> None:
    """A difference that hides what it shows would be of no use."""
    for file in (REPO / "rendered" / stack).iterdir():
        text = file.read_text(encoding="utf-8")
        assert without_secrets(text) == text, file.name
