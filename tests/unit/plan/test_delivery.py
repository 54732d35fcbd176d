from hypothesis import given
from hypothesis import strategies as st

from plan.delivery import (
    AGENT_MAX_MESSAGE_MIB,
    MAX_REQUEST_BYTES,
    MIN_QUEUE_BYTES,
    TEMPO_MAX_MESSAGE_MIB,
    queue_bytes,
)


@given(volume=st.integers(64 * 2**20, 2**40), queues=st.integers(1, 200))
def test_all_queues_together_leave_room_on_their_volume(volume: int, queues: int) -> None:
    together = queue_bytes(volume, queues) * queues
    assert volume * 0.7 - queues <= together <= volume * 0.7


def test_a_request_is_smaller_than_what_tempo_accepts() -> None:
    """The size of the message's frame and headers is not counted by the batch."""
    assert 0 < MAX_REQUEST_BYTES < TEMPO_MAX_MESSAGE_MIB * 2**20


def test_the_largest_span_fits_a_request_with_room_for_attributes_and_masks() -> None:
    """The exporter drops a span that does not fit, and everything behind it in its batch."""
    assert MAX_REQUEST_BYTES >= 1.5 * AGENT_MAX_MESSAGE_MIB * 2**20


def test_the_smallest_volume_that_an_agent_may_have_holds_the_largest_message() -> None:
    """64 MiB, the bound of `collectors.agent.queue_volume_mib`."""
    assert queue_bytes(64 * 2**20) >= MIN_QUEUE_BYTES
