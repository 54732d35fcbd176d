"""Generated traces of pipelines: what they hold, and that they repeat."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from lab.traces.delivery import APPLICATIONS
from lab.traces.pipelines import COMMIT_TIME, LEAD_TIME, RECOVERY_TIME, REWORK, pipelines

END = 1_800_000_000.0
HOURS = 20


def values(attributes: Sequence[KeyValue]) -> dict[str, Any]:
    """Return attributes as plain values."""
    return {one.key: getattr(one.value, one.value.WhichOneof("value") or "") for one in attributes}


def spans(requests: Sequence[ExportTraceServiceRequest]) -> list[tuple[dict[str, Any], dict[str, Any], Span]]:
    """Return the resource and the attributes of every span."""
    return [
        (values(each.resource.attributes), values(span.attributes), span)
        for request in requests
        for each in request.resource_spans
        for scope in each.scope_spans
        for span in scope.spans
    ]


MADE = [*pipelines(1, HOURS, END)]
DEPLOYMENTS = [one for one in spans(MADE) if "deployment.status" in one[1]]


def test_the_same_seed_gives_the_same_traces_and_another_one_others() -> None:
    assert [*pipelines(1, HOURS, END)] == MADE
    assert [*pipelines(2, HOURS, END)] != MADE


def test_revisions_do_not_depend_on_the_time() -> None:
    """Documents may name one."""
    later = [*pipelines(1, HOURS, END + 1000)]
    assert [one[0]["vcs.ref.head.revision"] for one in spans(later)] == [
        one[0]["vcs.ref.head.revision"] for one in spans(MADE)
    ]


def test_the_hours_end_now_and_nothing_is_of_the_future() -> None:
    ends = [span.end_time_unix_nano / 1e9 for *_, span in spans(MADE)]
    assert max(ends) == pytest.approx(END, abs=1)
    # The last change may be committed within the hours and be deployed after them.
    assert min(ends) > END - (HOURS + 1.5) * 3600


def test_every_case_occurs_for_learners_to_find() -> None:
    assert {one[1]["deployment.status"] for one in DEPLOYMENTS} == {"failed", "succeeded"}
    assert {one[1]["deployment.name"] for one in DEPLOYMENTS} == set(APPLICATIONS)
    failed = {one[1].get("cicd.pipeline.task.name") for one in spans(MADE) if one[2].status.code}
    assert {"rollout", "test"} <= failed
    assert any(RECOVERY_TIME in one[1] for one in DEPLOYMENTS)


def test_a_lead_time_is_from_the_commit_to_the_end_of_the_deployment() -> None:
    for _, attributes, span in DEPLOYMENTS:
        lead = span.end_time_unix_nano / 1e9 - attributes[COMMIT_TIME]
        failed = attributes["deployment.status"] == "failed"
        assert (LEAD_TIME in attributes) != failed
        if not failed:
            assert attributes[LEAD_TIME] == pytest.approx(lead, abs=1.5)
            assert (RECOVERY_TIME in attributes) == attributes[REWORK]


def test_a_recovery_lasts_from_one_deployment_to_the_next_of_the_application() -> None:
    for application in APPLICATIONS:
        own = [one for one in DEPLOYMENTS if one[1]["deployment.name"] == application]
        for (_, before, failed), (_, after, repaired) in pairwise(own):
            assert after[REWORK] == (before["deployment.status"] == "failed")
            if after[REWORK]:
                seconds = (repaired.end_time_unix_nano - failed.end_time_unix_nano) / 1e9
                assert after[RECOVERY_TIME] == pytest.approx(seconds, abs=1)


def test_a_deployment_links_to_the_build_of_its_revision() -> None:
    builds = {span.trace_id: resource for resource, _, span in spans(MADE) if span.name.startswith("BUILD")}
    for resource, _, span in DEPLOYMENTS:
        (link,) = span.links
        assert builds[link.trace_id]["vcs.ref.head.revision"] == resource["vcs.ref.head.revision"]


def test_every_span_of_a_pipeline_names_it_in_its_resource() -> None:
    """By which the gateway keeps each part of the trace for itself."""
    named = [resource for resource, attributes, _ in spans(MADE) if any("cicd" in key for key in attributes)]
    assert named
    assert all(resource["cicd.pipeline.name"] for resource in named)
