"""The state and the engine's logs are copied and kept: they must not contain a secret in clear text."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.live import LiveStack

pytestmark = pytest.mark.engine


def test_neither_the_state_nor_a_log_shows_a_generated_secret(dojo: LiveStack) -> None:
    """The test reads them from the cluster, where they are used, and searches for every encoding."""
    engine = dojo.engine()
    engine.up()
    sources = {
        "exported state": json.dumps(engine.export_state()),
        "preview as JSON": json.dumps(engine.preview_document()),
        "outputs": json.dumps(engine.outputs()),
        **{str(file): file.read_text(errors="replace", encoding="utf-8") for file in _files(engine.home)},
    }
    assert any("/backend/" in name for name in sources)
    assert any("/logs/" in name for name in sources)
    secrets = [value for fields in dojo.secrets().values() for value in fields.values()]
    # Five of the store, and the file of Grafana's datasources.
    assert len(secrets) == 6
    shown = {
        name for name, text in sources.items() for value in secrets if any(s in text for s in _spellings(value))
    }
    assert shown == set()


def test_the_secrets_are_there_for_who_has_the_passphrase(dojo: LiveStack) -> None:
    """This shows that the test above searches for values that the state contains."""
    decrypted = dojo.engine()._plain("stack", "export", "--show-secrets", doing="Reading the secrets")
    for fields in dojo.secrets().values():
        for value in fields.values():
            assert any(spelling in decrypted for spelling in _spellings(value))


def _files(home: Path) -> Iterator[Path]:
    """Yield every file that the engine wrote for this stack, except the passphrase itself."""
    for folder in ("backend", "logs", "projects"):
        yield from (file for file in (home / folder).rglob("*") if file.is_file())


def _spellings(value: str) -> set[str]:
    """Return a secret in clear text and in base64, each with and without the name before a key's colon."""
    # A file has no name before a key.
    key = value if "\n" in value else value.rpartition(":")[2]
    return {value, key, *(base64.b64encode(text.encode()).decode() for text in (value, key))}
