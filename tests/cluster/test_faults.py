"""Traces survive the loss of a part of the pipeline. Each trace here is sent once."""

import time
from collections.abc import Iterator

import pytest

from render.names import AGENT, GATEWAY, TEMPO
from tests.cluster.faults import cut_off, delete_pod, held_down, kill, wait_until_ready
from tests.cluster.self_metrics import queued, undecided
from tests.cluster.tempo_api import FLUSHED_SECONDS, TempoApi, tempo_api
from tests.cluster.traffic import send_one
from tests.support.live import LiveStack
from tests.support.waiting import eventually

pytestmark = pytest.mark.cluster

# A sender whose requests failed for a while retries after at most half a minute.
_RESENT_SECONDS = 150.0
# A decided trace waits for its batch for a second; more on a busy machine.
_BATCH_SECONDS = 4


@pytest.fixture(scope="module", autouse=True)
def older_trace(live: LiveStack) -> str:
    """A trace sent before all others: it is flushed by the time a test looks for it."""
    live.bring()
    return send_one(live)


@pytest.fixture
def tempo(dojo: LiveStack) -> Iterator[TempoApi]:
    """The deployed Tempo."""
    with tempo_api(dojo) as api:
        yield api


def test_a_trace_that_just_came_in_survives_the_deletion_of_tempos_pod(dojo: LiveStack, tempo: TempoApi) -> None:
    """Every upgrade of the cluster drains nodes: accepted traces must be on the volume by then."""
    trace_id = send_one(dojo)
    tempo.wait_for(trace_id, mode="ingesters")
    delete_pod(dojo, TEMPO)
    wait_until_ready(dojo, TEMPO)
    tempo.wait_for(trace_id, mode="ingesters")


def test_a_trace_in_the_log_survives_a_tempo_killed_without_warning(dojo: LiveStack, tempo: TempoApi) -> None:
    """The kernel kills without warning when memory runs out."""
    trace_id = send_one(dojo)
    # A searchable trace is in the log; before that, it is in memory only.
    # Tempo 2.x compares ids without leading zeros, which one in sixteen has.
    query = f'{{ trace:id = "{trace_id.lstrip("0")}" }}'
    eventually(lambda: trace_id in tempo.search(query), "it is in the log")
    kill(dojo, TEMPO)
    tempo.wait_for(trace_id, mode="ingesters")


def test_spans_reach_the_next_tempo_although_the_last_one_vanished_without_a_word(
    dojo: LiveStack, tempo: TempoApi
) -> None:
    """A node that loses power closes no connection; the gateway used to send into the old one for minutes."""
    tempo.wait_for(send_one(dojo))
    # The connection to the Pod that is cut off would hang, too: the next Tempo is asked by a new one.
    with cut_off(dojo, TEMPO), tempo_api(dojo) as next_tempo:
        delete_pod(dojo, TEMPO, grace_seconds=0)
        wait_until_ready(dojo, TEMPO)
        next_tempo.wait_for(send_one(dojo), seconds=_RESENT_SECONDS)


def test_spans_reach_a_tempo_that_was_away_although_the_gateway_was_killed_meanwhile(
    dojo: LiveStack, tempo: TempoApi
) -> None:
    """The gateway's queue is on a volume for this."""
    with held_down(dojo, TEMPO):
        first = _sent_and_decided(dojo)
        kill(dojo, GATEWAY)
        second = _sent_and_decided(dojo)
    for trace_id in (first, second):
        tempo.wait_for(trace_id, seconds=_RESENT_SECONDS)


def test_spans_reach_a_gateway_that_was_away_although_the_agent_was_killed_meanwhile(
    dojo: LiveStack, tempo: TempoApi
) -> None:
    """Applications do not send again: spans that the agent accepted must be on its disk."""
    with held_down(dojo, GATEWAY):
        first = send_one(dojo)
        eventually(lambda: queued(dojo, AGENT) > 0, "the agent waits for a gateway")
        kill(dojo, AGENT)
        second = send_one(dojo)
    for trace_id in (first, second):
        tempo.wait_for(trace_id, seconds=_RESENT_SECONDS)


def test_a_flushed_trace_survives_the_loss_of_tempos_volume(
    dojo: LiveStack, tempo: TempoApi, older_trace: str
) -> None:
    """The bucket is the only durable store; disks of nodes are not."""
    tempo.wait_for(older_trace, mode="blocks", seconds=FLUSHED_SECONDS)
    with held_down(dojo, TEMPO):
        dojo.core.delete_namespaced_persistent_volume_claim("data-tempo-0", dojo.namespace)
    tempo.wait_for(older_trace)
    assert tempo.trace(older_trace, mode="ingesters") is None


def _sent_and_decided(stack: LiveStack) -> str:
    """Send a trace, and return its id once the gateway holds it in its queue.

    The synthetic check's traces are queued as well, so only an empty sampler tells that this one was decided.
    """
    trace_id = send_one(stack)
    eventually(lambda: undecided(stack) > 0, "the gateway's sampler has it")
    eventually(lambda: undecided(stack) == 0, "it is decided")
    time.sleep(_BATCH_SECONDS)
    eventually(lambda: queued(stack, GATEWAY) > 0, "the gateway waits for Tempo")
    return trace_id
