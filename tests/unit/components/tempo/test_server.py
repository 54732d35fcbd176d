"""Tempo runs in the mode that the settings name, whether or not a cache image is named."""

import pulumi
import pytest

from components.storage.access import StoreAccess
from components.storage.trace_store import TraceStore
from components.tempo.server import tempo_server
from settings.images import Image
from settings.stack import StackSettings
from snapshot.program import record
from snapshot.recorder import Recorder
from tests.support.components import stack_of
from tests.support.programs import changed
from tests.support.stacks import settings_of

MEMCACHED = Image(repository="mirror.internal/memcached", tag="1")


def deployed(settings: StackSettings) -> Recorder:
    """Record only the Tempo of these settings."""

    def program() -> None:
        store = TraceStore(bucket="traces", access=StoreAccess.by_credentials("tempo-keys"), ready=[])
        tempo_server("tempo", stack_of(settings), store)

    return record(program, {}, "test")


def with_cache_image(settings: StackSettings, image: Image | None) -> StackSettings:
    """Return the settings with this memcached image, without the checks of a stack file."""
    return settings.model_copy(update={"images": settings.images.model_copy(update={"memcached": image})})


def test_a_monolith_stays_one_where_an_image_of_a_cache_is_named() -> None:
    """The image of an unused cache may stay in a stack file."""
    recorder = changed({"images.memcached": MEMCACHED.model_dump(exclude_none=True)})
    assert recorder.one("tempo").type == "fawkes:tracing:TempoMonolith"
    assert recorder.of_type("Memcached") == []
    assert MEMCACHED.repository not in str([one.inputs for one in recorder.registrations])


def test_microservices_have_the_cache_whose_image_is_named() -> None:
    recorder = deployed(with_cache_image(settings_of("prod"), MEMCACHED))
    assert recorder.one("tempo").type == "fawkes:tracing:TempoMicroservices"
    (container,) = recorder.one("tempo-memcached-server").inputs["spec"]["template"]["spec"]["containers"]
    assert container["image"] == "mirror.internal/memcached:1"


def test_microservices_without_an_image_of_the_cache_end_with_a_sentence_and_become_no_monolith() -> None:
    """A silent fallback would deploy a Tempo in another mode than the one planned."""
    with pytest.raises(pulumi.RunError) as refusal:
        deployed(with_cache_image(settings_of("prod"), None))
    assert str(refusal.value) == (
        "images.memcached is not set, and this stack runs it. Add its repository and tag to Pulumi.test.yaml."
    )
