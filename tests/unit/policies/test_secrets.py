"""Secrets are recognised by the names of fields and by their form, and never shown."""

import pytest

from policies.secrets import is_secret_name, secrets_in


@pytest.mark.parametrize(
    "name",
    [
        "MINIO_ROOT_PASSWORD",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "secret_key",
        "api-key",
        "KAFKA_SASL_PASSWORD",
        "token",
        "basic_auth.password",
        "store-tempo-secret-key",
    ],
)
def test_a_name_of_a_secret_is_recognised(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "TOKEN_FILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "TEMPO_KMS_KEY_ID",
        "max_tokens",
        "key",
        "password_file",
        "compass",
    ],
)
def test_a_name_of_something_else_is_not(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "storage:\n  s3:\n    secret_key: hunter2\n",
        '{"password": "hunter2"}',
        '  "api_key" : "hunter2",',
        "- token: hunter2",
        '{"user": "a", "password": "hunter2"}',
        "aws_secret_access_key = hunter2",
        "export SECRET_KEY=hunter2",
        "url: http://user:hunter2@host/",
        "-----BEGIN EC PRIVATE KEY-----\nhunter2",
        "id AKIAIOSFODNN7EXAMPLE",
    ],
)
def test_a_secret_in_a_file_is_found_and_not_shown(text: str) -> None:
    found = secrets_in(text)
    assert found
    assert not any("hunter2" in one for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "secret_key: ${SECRET_KEY}",
        "secret_key: $SECRET_KEY",
        "bearer_token_file: /var/run/token",
        "credentials: /etc/file",
        "token: true",
        "max_tokens: 5",
        "endpoint: http://minio:9000",
        "password:\n  from: elsewhere",
        # A comment and the name alone.
        "# password: see the manual",
    ],
)
def test_what_only_looks_like_one_is_not(text: str) -> None:
    assert secrets_in(text) == []
