"""The pure parts of the benchmark of the gateway: its requests, the configurations that it compares, its sums."""

from pathlib import Path

import pytest
import yaml
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from bench.gateway import documents
from bench.gateway.command import CONFIG, environment, feature_gates, read
from bench.gateway.compare import BARE, GATEWAY, INCIDENT, NAMESPACES, QUIET, SAMPLER, Case, share_table, summary
from bench.gateway.load import SPANS_A_BLOCK, TRACES_A_BLOCK, block
from bench.gateway.measure import Measured
from lab.errors import LabError
from tests.support.stacks import settings_of

IDS = [bytes([number + 1]) * 16 for number in range(TRACES_A_BLOCK)]


def sent(failed: int) -> list[ExportTraceServiceRequest]:
    """Return the requests of a block with other trace ids."""
    requests = block("shop", failed, 1).requests
    return [ExportTraceServiceRequest.FromString(request.with_ids(IDS)) for request in requests]


def test_every_trace_gets_its_own_id_in_every_request_and_ten_spans() -> None:
    spans = [s for r in sent(0) for rs in r.resource_spans for ss in rs.scope_spans for s in ss.spans]
    assert len(spans) == SPANS_A_BLOCK
    assert {trace: sum(span.trace_id == trace for span in spans) for trace in IDS} == dict.fromkeys(IDS, 10)


@pytest.mark.parametrize("failed", [0, 1, TRACES_A_BLOCK])
def test_exactly_the_traces_that_are_to_fail_have_a_span_with_an_error(failed: int) -> None:
    spans = [s for r in sent(failed) for rs in r.resource_spans for ss in rs.scope_spans for s in ss.spans]
    found = {span.trace_id for span in spans if span.status.code == Status.STATUS_CODE_ERROR}
    assert found == set(IDS[:failed])


def test_spans_have_about_a_dozen_attributes() -> None:
    spans = [s for r in sent(0) for rs in r.resource_spans for ss in rs.scope_spans for s in ss.spans]
    assert {len(span.attributes) for span in spans} <= {12, 13, 14}


def test_the_namespaces_are_prods_tenants_and_one_that_has_none() -> None:
    *tenants, other = NAMESPACES
    assert sorted(tenants) == sorted(settings_of("prod").tenants.namespaces)
    assert other not in tenants


def test_a_placed_configuration_leaves_this_machine_nowhere_and_changes_nothing_else() -> None:
    document = read(CONFIG)
    found = documents.placed(document, "127.9.9.1", "127.9.9.2", Path("/tmp/of-the-test"))  # noqa: S108 - a name
    text = yaml.safe_dump(found)
    assert ".svc" not in text
    assert "/var/lib" not in text
    endpoints = {exporter["endpoint"] for exporter in found["exporters"].values() if "endpoint" in exporter}
    assert "127.9.9.2:4317" in endpoints
    assert found["service"]["pipelines"] == document["service"]["pipelines"]
    kept = {key: value for key, value in found["processors"].items() if key != "tail_sampling"}
    assert kept == {key: value for key, value in document["processors"].items() if key != "tail_sampling"}


def test_each_part_that_is_left_out_leaves_a_whole_configuration() -> None:
    """Whatever a pipeline names is defined, or the collector would not start."""
    for name, found in documents.parts(read(CONFIG)).items():
        defined = {
            kind: set(found.get(kind, {})) for kind in ("receivers", "processors", "exporters", "connectors")
        }
        for pipeline in found["service"]["pipelines"].values():
            assert set(pipeline["processors"]) <= defined["processors"], name
            assert set(pipeline["receivers"]) <= defined["receivers"] | defined["connectors"], name
            assert set(pipeline["exporters"]) <= defined["exporters"] | defined["connectors"], name


def test_the_share_of_the_long_term_tier_is_measured() -> None:
    found = documents.parts(read(CONFIG))["long-term tier"]
    assert [name for name in found["exporters"] if "long-term" in name] == []
    assert len(found["exporters"]) == 4


def test_the_deployed_gateways_flags_and_memory_limit_are_those_of_the_measured_one() -> None:
    assert "GOMEMLIMIT" in environment()
    assert any("recordpolicy" in gate for gate in feature_gates())


def test_ratios_and_shares_are_those_of_the_medians() -> None:
    def runs(*cpu: float) -> list[Measured]:
        return [Measured(cpu=each, delivered=100, memory=2000) for each in cpu]

    results = {}
    for load in (QUIET, INCIDENT):
        results[Case(BARE, load)] = runs(4, 5, 90)
        results[Case(GATEWAY, load)] = runs(10, 15, 20)
        results[Case(SAMPLER, load)] = runs(8, 8, 8)
        results[Case("queue on disk", load)] = runs(12, 12, 12)
    assert [list(column.cells) for column in summary(results).columns][1:4] == [
        ["5.0"] * 2,
        ["15.0"] * 2,
        ["3.0"] * 2,
    ]
    assert [list(column.cells) for column in share_table(results).columns] == [
        [SAMPLER, "queue on disk"],
        ["3.0", "3.0"],
        ["3.0", "3.0"],
    ]


@pytest.mark.parametrize(
    "text", ["a: b: c", "just words", "[1, 2]", "receivers: {}", "5", "receivers exporters service"]
)
def test_a_file_that_configures_no_collector_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LabError, match=r"wrong\.yaml"):
        read(file)
