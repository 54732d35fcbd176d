from hypothesis import given
from hypothesis import strategies as st

from plan.delivery import (
    AGENT_MAX_MESSAGE_MIB,
    MAX_REQUEST_BYTES,
    MIN_QUEUE_BYTES,
    TEMPO_MAX_MESSAGE_MIB,
    agent_queue,
    gateway_queue,
)
from plan.tenants import tenant_count
from settings.stack import StackSettings
from tests.support.stacks import settings_of
from tests.support.strategies import valid_settings


@given(settings=valid_settings())
def test_all_files_of_queues_leave_room_on_their_volume_for_a_copy_of_8_mib_each(settings: StackSettings) -> None:
    files = (gateway_queue(settings).file_bytes + 2 * 8 * 2**20) * tenant_count(settings)
    assert files <= 0.95 * settings.collectors.gateway.queue_volume_gib * 2**30
    agent = agent_queue(settings).file_bytes + 2 * 8 * 2**20
    assert agent <= 0.95 * settings.collectors.agent.queue_volume_mib * 2**20


@given(volume=st.integers(208, 65_536))
def test_an_agents_file_has_four_times_its_content_and_one_largest_request_to_write_anew(volume: int) -> None:
    queue = agent_queue(settings_of("dojo", {"collectors.agent.queue_volume_mib": volume}))
    assert 4 * queue.queue_bytes + MIN_QUEUE_BYTES <= queue.file_bytes


def test_a_request_is_smaller_than_what_tempo_accepts() -> None:
    """The size of the message's frame and headers is not counted by the batch."""
    assert 0 < MAX_REQUEST_BYTES < TEMPO_MAX_MESSAGE_MIB * 2**20


def test_the_largest_span_fits_a_request_with_room_for_attributes_and_masks() -> None:
    """The exporter drops a span that does not fit, and everything behind it in its batch."""
    assert MAX_REQUEST_BYTES >= 1.5 * AGENT_MAX_MESSAGE_MIB * 2**20


def test_the_smallest_volume_that_an_agent_may_have_holds_the_largest_message() -> None:
    """208 MiB, the bound of `collectors.agent.queue_volume_mib`."""
    smallest = settings_of("dojo", {"collectors.agent.queue_volume_mib": 208})
    assert agent_queue(smallest).queue_bytes >= MIN_QUEUE_BYTES
