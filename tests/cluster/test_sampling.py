"""Measure the share of kept traces: 2 000 traces at 200 per second through the agent and two gateways."""

import time
import uuid
from collections.abc import Callable

import pytest

from render.names import AGENT, GATEWAY, OTLP_GRPC_PORT
from tests.cluster.self_metrics import growth, labelled, queued, totals, undecided
from tests.cluster.tempo_api import tempo_api
from tests.cluster.traffic import ALWAYS_KEPT, REST, RUN, SPANS_PER_TRACE, Trace, send, traces
from tests.support.live import LiveStack, section
from tests.support.waiting import eventually

pytestmark = pytest.mark.cluster

BASELINE = 10
TOTAL = 2000
OF_EACH_KIND = 20
PER_SECOND = 200
# Two: without routing by trace id, two gateways would each decide on half of a trace.
GATEWAYS = 2
_RESOLUTIONS = "otelcol_loadbalancer_num_resolutions_total"
_DECIDED = "otelcol_processor_tail_sampling_global_count_traces_sampled_total"
_TOO_EARLY = "otelcol_processor_tail_sampling_sampling_trace_dropped_too_early_total"
# The sampler looks once a second for what is due, and tells then how much it holds.
_TICK_SECONDS = 2
# The wait for the decision, the batch, the idle trace in Tempo, and a search; several times what was measured.
_FOUND_SECONDS = 120.0


def test_every_special_trace_is_kept_whole_and_of_the_rest_the_baseline_share(
    live: LiveStack, record_property: Callable[[str, object], None]
) -> None:
    """Sampling out failed traces would make tracing useless during an incident.

    That the committed dojo keeps all, test_survives_faults.py counts.
    """
    live.bring(_overlay())
    _wait_for_routes(live)
    _wait_for_what_was_sent_before(live)
    agent_before, gateway_before = totals(live, AGENT), totals(live, GATEWAY)
    decided_before = labelled(live, GATEWAY, _DECIDED, "decision")
    planned, run = traces(f"baseline {BASELINE}", OF_EACH_KIND, TOTAL), uuid.uuid4().hex

    send(f"{live.address(AGENT)}:{OTLP_GRPC_PORT}", planned, run, PER_SECOND)
    decided = eventually(lambda: _all_decided(live, decided_before), "every trace is decided", _FOUND_SECONDS)
    found = _found_spans(live, run, int(decided["sampled"]))

    share = _share(planned, found, REST)
    record_property("kept_share_of_the_rest", share)
    print(f"baseline {BASELINE} %: kept {share:.1f} % of {_count(planned, REST)}")
    assert {kind: _share(planned, found, kind) for kind in ALWAYS_KEPT} == dict.fromkeys(ALWAYS_KEPT, 100.0)
    assert share == pytest.approx(BASELINE, abs=3.0)
    assert set(found.values()) == {SPANS_PER_TRACE}, "a kept trace lacks spans"
    _assert_nothing_was_lost(growth(agent_before, totals(live, AGENT)), TOTAL)
    _assert_nothing_was_lost(growth(gateway_before, gateway_after := totals(live, GATEWAY)), TOTAL)
    assert gateway_after[_TOO_EARLY] == 0
    sent = growth(gateway_before, gateway_after)["otelcol_exporter_sent_spans_total"]
    assert sent == len(found) * SPANS_PER_TRACE


def _overlay() -> dict[str, object]:
    sampling = section("sampling", baseline_percentage=BASELINE)
    # The counts are exact, so nothing else may send.
    alone = section("synthetic_check", enabled=False)
    return sampling | alone | section("collectors", gateway={"replicas": GATEWAYS})


def _wait_for_routes(live: LiveStack) -> None:
    """Wait until the agent has the present gateways' addresses: there were as many before, with others.

    It queries DNS every 5 s and answers are cached for 5 s, so the third answer from now on is a new one.
    """
    before = totals(live, AGENT).get(_RESOLUTIONS, 0)

    def known() -> bool:
        now = totals(live, AGENT)
        return now.get(_RESOLUTIONS, 0) >= before + 3 and now["otelcol_loadbalancer_num_backends"] == GATEWAYS

    eventually(known, f"the agent knows the present {GATEWAYS} gateways")


def _wait_for_what_was_sent_before(live: LiveStack) -> None:
    """Wait until every older trace is decided, so that it is not counted among those of this test."""
    eventually(lambda: queued(live, AGENT) == 0, "the agent has sent all")
    time.sleep(_TICK_SECONDS)
    eventually(lambda: undecided(live) == 0, "the gateways have decided all")


def _all_decided(live: LiveStack, before: dict[str, float]) -> dict[str, float] | None:
    decided = growth(before, labelled(live, GATEWAY, _DECIDED, "decision"))
    return decided if sum(decided.values()) == TOTAL else None


def _found_spans(live: LiveStack, run: str, sampled: int) -> dict[str, int]:
    """Return the number of spans of each trace, once a search finds all sampled traces whole."""
    with tempo_api(live) as tempo:

        def found() -> dict[str, int]:
            # A limit above the number sent: a trace that was kept against its decision must be seen.
            answer = tempo.search(f'{{ span.{RUN} = "{run}" }}', limit=2 * TOTAL, spans=2 * SPANS_PER_TRACE)
            return {trace: sum(one["matched"] for one in each["spanSets"]) for trace, each in answer.items()}

        whole = sampled * SPANS_PER_TRACE
        return eventually(
            lambda: spans if sum((spans := found()).values()) == whole else {},
            f"Tempo has the {whole} spans of {sampled} sampled traces",
            _FOUND_SECONDS,
        )


def _share(planned: list[Trace], found: dict[str, int], kind: str) -> float:
    """Return the percentage of a kind's traces that were found."""
    kept = sum(trace.kind == kind and trace.id.hex() in found for trace in planned)
    return 100 * kept / _count(planned, kind)


def _count(planned: list[Trace], kind: str) -> int:
    return sum(trace.kind == kind for trace in planned)


def _assert_nothing_was_lost(grown: dict[str, float], traces_sent: int) -> None:
    """Assert that a collector accepted all spans, and neither refused nor failed to send any."""
    assert grown["otelcol_receiver_accepted_spans_total"] == traces_sent * SPANS_PER_TRACE
    assert grown["otelcol_receiver_refused_spans_total"] == 0
    for failed in ("otelcol_exporter_send_failed_spans_total", "otelcol_exporter_enqueue_failed_spans_total"):
        # A counter that was never incremented is not exported.
        assert grown.get(failed, 0) == 0
