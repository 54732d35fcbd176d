"""A stack destroyed with its bucket and key retained, then deployed again over them: docs/take-over.md."""

from collections.abc import Iterator

import pytest

from lab.engine.engine import Engine
from lab.engine.run import EngineError
from tests.simulated.cloud import s3
from tests.support.live import LiveStack, section
from tests.support.take_over import take_over

pytestmark = pytest.mark.simulated

_KEPT = section("environment", protect_stateful=False, retain_stateful_on_delete=True)


@pytest.fixture
def kept(stack: LiveStack) -> Iterator[LiveStack]:
    """The stack with its stateful resources retained on destroy; later destroys delete them again."""
    stack.bring(_KEPT)
    yield stack
    stack.forget()
    stack.bring()


# Several `up` in a row: 150 to 204 s on two cores, and several times that on a busy machine.
@pytest.mark.timeout(1200)
# The smaller of the two: the bucket and its key are the same components in both.
@pytest.mark.parametrize("deployed", ["staging"], indirect=True, scope="session")
def test_a_bucket_that_was_kept_is_used_again_with_its_key(kept: LiveStack) -> None:
    """Retained blocks must stay readable, and no role may use a key that is in no state."""
    key, bucket = _key(kept), kept.settings.object_store.bucket
    kept.forget()
    engine = kept.engine(_KEPT)
    engine.destroy()
    with pytest.raises(EngineError, match="Bucket store-traces-bucket"):
        engine.up()
    _forget(engine, "store-traces-key-key", "store-traces-key-alias")

    take_over(
        engine,
        {
            "Bucket store-traces-bucket": bucket,
            "Bucket store-traces-logs-bucket": f"{bucket}-logs",
            "Key store-traces-key-key": key,
            "Alias store-traces-key-alias": f"alias/{bucket}",
        },
    )
    engine.up()
    kept.settle()
    assert _key(kept) == key
    assert key in str(engine.export_state()["deployment"]["resources"])
    engine.preview("--expect-no-changes")


def _key(stack: LiveStack) -> str:
    """Return the id of the key that encrypts the bucket's blocks."""
    bucket = stack.settings.object_store.bucket
    (rule,) = s3(stack).get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    return rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"].rpartition("/")[2]


def _forget(engine: Engine, *names: str) -> None:
    """Remove unused new resources from the state, with their dependents."""
    for name in names:
        urns = [resource["urn"] for resource in engine.export_state()["deployment"]["resources"]]
        for urn in (urn for urn in urns if urn.endswith(f"::{name}")):
            engine._plain("state", "delete", urn, "--target-dependents", "--yes", doing=f"Forgetting {name}")
