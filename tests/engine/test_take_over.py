"""A stack deployed again over stateful objects that outlived it: docs/take-over.md."""

import base64
import io
from collections.abc import Iterator

import pytest
from rich.console import Console

from lab.engine.run import EngineError
from lab.progress import Progress
from lab.traces.roundtrip import round_trip
from lab.traces.tempo import fetch, tempo_of
from tests.support.live import LiveStack, section
from tests.support.take_over import take_over

pytestmark = pytest.mark.engine

_KEPT = section("environment", protect_stateful=False, retain_stateful_on_delete=True)
_KEY = "RandomBytes store-minio-encryption"
_SECRET = "Secret store-minio-encryption-secret"


@pytest.fixture
def kept(dojo: LiveStack) -> Iterator[LiveStack]:
    """The dojo, with stateful objects that outlive it; afterwards they are deleted with it again."""
    dojo.bring(_KEPT)
    yield dojo
    dojo.forget()
    dojo.bring()


# Several `up` in a row: 150 to 204 s on two cores, and several times that on a busy machine.
@pytest.mark.timeout(1200)
def test_what_was_kept_is_used_again_with_its_traces(kept: LiveStack) -> None:
    """Volumes outlive the stack to be read again: with another key they are unreadable."""
    with Progress(console=Console(file=io.StringIO())) as progress:
        sent = round_trip(kept.cluster, kept.settings, progress)
    kept.forget()
    engine = kept.engine(_KEPT)
    engine.destroy()
    name, key = _key(kept)

    # Every other kept object is adopted silently; another key is refused.
    with pytest.raises(EngineError, match=_SECRET):
        engine.up()
    urns = [resource["urn"] for resource in engine.export_state()["deployment"]["resources"]]
    (drawn,) = (urn for urn in urns if urn.endswith("::store-minio-encryption"))
    engine._plain("state", "delete", drawn, "--yes", doing="Forgetting the unused new key")

    take_over(engine, {_KEY: key, _SECRET: f"{kept.namespace}/{name}"})
    engine.up()
    kept.settle()
    assert _key(kept) == (name, key)
    assert fetch(tempo_of(kept.cluster, kept.settings), sent.trace_id).spans
    engine.preview("--expect-no-changes")


def _key(kept: LiveStack) -> tuple[str, str]:
    """Return the name of the Secret with the store's key, and the key in base64."""
    for name, fields in kept.secrets().items():
        for value in fields.values():
            if value.startswith("fawkes-tracing:"):
                key = value.removeprefix("fawkes-tracing:")
                assert len(base64.b64decode(key)) == 32
                return name, key
    pytest.fail("No Secret has the store's key.")
