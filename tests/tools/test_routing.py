"""The rendered gateway routes spans of several namespaces to their tenants, in both tiers."""

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from tests.cluster.planted import PlantedTrace, planted_trace
from tests.cluster.traffic import text
from tests.support.waiting import eventually
from tests.tools.loopback import GATEWAY, TEMPO, Recorder, collector, recorder
from tests.tools.tenants import BASELINE, LONG_TERM_BASELINE, gateway_config

pytestmark = pytest.mark.tools

NAMESPACE = "k8s.namespace.name"
OF_EACH_KIND, TOTAL = 60, 2000
# The namespace in a span, and the tenant that the span belongs to. team-a and team-b are listed; a longer name,
# the name of a long-term tenant, no name at all and a number are all unlisted.
TENANT_OF: Mapping[str, str] = {
    "team-a": "team-a",
    "team-b": "team-b",
    "team-a2": "shared",
    "team-b-long-term": "shared",
    "absent": "shared",
    "number": "shared",
}
_MS = 1_000_000
_DELIVERED_SECONDS = 30.0
# Longer than any wait between a decision and the last delivery: a sampler's tick, its wait, a batch.
_QUIET_SECONDS = 4.0


@dataclass(frozen=True)
class Trace:
    """A trace of two spans; `places` are the namespaces that they claim."""

    id: bytes
    kind: str
    places: tuple[str, str]


def traces() -> list[Trace]:
    """Return the same traces every time: OF_EACH_KIND failed ones, as many slow ones, the rest neither."""
    chance = random.Random("routing")  # noqa: S311 - must be reproducible, protects nothing
    kinds = ["failed", "slow"] * OF_EACH_KIND + ["rest"] * (TOTAL - 2 * OF_EACH_KIND)
    claims = list(TENANT_OF)
    return [Trace(chance.randbytes(16), kind, (chance.choice(claims), chance.choice(claims))) for kind in kinds]


def span_of(trace: Trace, number: int) -> ResourceSpans:
    """Return one of a trace's spans, or a late one when the number is beyond the two."""
    begin = time.time_ns() - 3_000 * _MS
    span = Span(
        trace_id=trace.id,
        span_id=trace.id[:7] + bytes([number + 1]),
        name="GET /shop",
        start_time_unix_nano=begin,
        end_time_unix_nano=begin + (1500 if trace.kind == "slow" and number == 0 else 40) * _MS,
        status=Status(code=Status.STATUS_CODE_ERROR) if trace.kind == "failed" and number == 1 else None,
    )
    return ResourceSpans(resource=resource_in(trace.places[number % 2]), scope_spans=[ScopeSpans(spans=[span])])


def resource_in(place: str) -> Resource:
    """Return a resource that claims this namespace."""
    claim = AnyValue(int_value=7) if place == "number" else AnyValue(string_value=place)
    attributes = [text("service.name", "shop"), KeyValue(key=NAMESPACE, value=claim)]
    return Resource(attributes=attributes[: 1 if place == "absent" else 2])


@dataclass
class Delivered:
    """The traces that were sent, and the tenants that their spans reached."""

    sent: list[Trace]
    planted: PlantedTrace
    log: Recorder
    # Tenants of the delivered spans, by trace and span.
    tenants: dict[tuple[bytes, bytes], list[str]] = field(default_factory=dict)

    def kept(self, tier: str) -> set[bytes]:
        """Return the traces that have spans in a tier (`detailed` or `long-term`)."""
        return {
            trace
            for (trace, _), tenants in self.tenants.items()
            if any(_tier(tenant) == tier for tenant in tenants)
        }

    def of_kind(self, *kinds: str) -> set[bytes]:
        """Return the traces of these kinds that were sent."""
        return {trace.id for trace in self.sent if trace.kind in kinds}


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Delivered:
    """Send 2 000 traces and one full of secrets through a gateway; after the decisions, a late span for each."""
    result = Delivered(traces(), planted_trace(), Recorder())
    planted = ExportTraceServiceRequest.FromString(result.planted.request.SerializeToString())
    planted.resource_spans[0].resource.attributes.append(text(NAMESPACE, "team-a"))
    with (
        recorder(TEMPO) as result.log,
        collector(tmp_path_factory.mktemp("gateway"), gateway_config(), GATEWAY, {}) as gateway,
    ):
        gateway.Export(planted, timeout=10)
        for first in range(0, TOTAL, 100):
            batch = result.sent[first : first + 100]
            # The halves of a trace are in different requests.
            for number in (0, 1):
                gateway.Export(_request(batch, number), timeout=10)
        _quiet(result.log)
        gateway.Export(_request(result.sent, 2), timeout=10)
        _quiet(result.log)
    for tenant, _, span in result.log.spans():
        result.tenants.setdefault((span.trace_id, span.span_id), []).append(tenant)
    return result


def _request(batch: Sequence[Trace], number: int) -> ExportTraceServiceRequest:
    return ExportTraceServiceRequest(resource_spans=[span_of(trace, number) for trace in batch])


def _quiet(log: Recorder) -> None:
    """Wait until something new has arrived and nothing more follows."""
    before = len(log.received)
    eventually(
        lambda: len(log.received) > before and time.monotonic() - log.last > _QUIET_SECONDS,
        "everything kept is delivered",
        _DELIVERED_SECONDS,
    )


def test_every_kept_span_is_stored_once_with_the_tenant_of_its_namespace(delivered: Delivered) -> None:
    """This includes late spans and spans of unlisted namespaces or none; each is stored once in each tier."""
    detailed, long_term = delivered.kept("detailed"), delivered.kept("long-term")
    expected = {
        (trace.id, trace.id[:7] + bytes([number + 1])): sorted(
            ([tenant] if trace.id in detailed else []) + ([f"{tenant}-long-term"] if trace.id in long_term else [])
        )
        for trace in delivered.sent
        for number in range(3)
        if trace.id in detailed | long_term
        for tenant in [TENANT_OF[trace.places[number % 2]]]
    }
    found = {
        span: sorted(tenants)
        for span, tenants in delivered.tenants.items()
        if span[0] != delivered.planted.span.trace_id
    }
    assert found == expected
    assert len(expected) > 1000


def test_the_detailed_tier_has_every_failed_and_slow_trace_and_the_baseline_of_the_rest(
    delivered: Delivered,
) -> None:
    kept = delivered.kept("detailed")
    assert delivered.of_kind("failed", "slow") <= kept
    rest = delivered.of_kind("rest")
    assert 100 * len(rest & kept) / len(rest) == pytest.approx(BASELINE, abs=3)


def test_the_long_term_tier_has_every_failed_trace_and_a_thin_sample_of_all_others(delivered: Delivered) -> None:
    """The sample is of all traces: with another hash salt, it would be a sample of the kept fifth only."""
    kept = delivered.kept("long-term")
    assert delivered.of_kind("failed") <= kept <= delivered.kept("detailed")
    others = delivered.of_kind("slow", "rest")
    assert 100 * len(others & kept) / len(others) == pytest.approx(LONG_TERM_BASELINE, abs=1.5)


def test_no_planted_secret_reaches_any_tenant(delivered: Delivered) -> None:
    reached = delivered.tenants[delivered.planted.span.trace_id, delivered.planted.span.span_id]
    assert sorted(reached) == ["team-a", "team-a-long-term"]
    seen = "".join(str(request) for _, request in delivered.log.received)
    assert [where for secret, where in delivered.planted.secrets.items() if secret in seen] == []


def test_what_a_stopped_gateway_had_not_decided_reaches_both_tiers_when_it_is_back(tmp_path: Path) -> None:
    """At a stop the sampler releases its traces, and each connector passes them on before the next one ends."""
    failed = [trace for trace in traces() if trace.kind == "failed"]
    with recorder(TEMPO) as log:

        def complete(tier: str) -> bool:
            # As a set: a stopping gateway repeats a delivery whose response it did not receive.
            spans = {(tenant, span.span_id) for tenant, _, span in log.spans() if _tier(tenant) == tier}
            return len(spans) == 2 * OF_EACH_KIND

        with collector(tmp_path, gateway_config(), GATEWAY, {}) as gateway:
            gateway.Export(_request(failed, 0), timeout=10)
            gateway.Export(_request(failed, 1), timeout=10)
        with collector(tmp_path, gateway_config(), GATEWAY, {}):
            eventually(lambda: complete("detailed"), "the detailed tier has every span")
            eventually(lambda: complete("long-term"), "the long-term tier has every span")


def _tier(tenant: str) -> str:
    return "long-term" if tenant.endswith("-long-term") else "detailed"


def test_an_allow_list_of_attributes_leaves_the_long_term_tier_what_it_gets(tmp_path: Path) -> None:
    """The policy by which the tier is chosen is an attribute, too."""
    failed = [trace for trace in traces() if trace.kind == "failed"]
    config = gateway_config(changes={"scrubbing.mode": "allow_list"})
    with recorder(TEMPO) as log, collector(tmp_path, config, GATEWAY, {}) as gateway:
        gateway.Export(_request(failed, 1), timeout=10)
        eventually(
            lambda: len([tenant for tenant, _, _ in log.spans() if _tier(tenant) == "long-term"]) == OF_EACH_KIND,
            "the long-term tier has every span",
            _DELIVERED_SECONDS,
        )
