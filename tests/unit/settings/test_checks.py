"""Each check between sections: what it refuses, in which words, and the nearest thing that it accepts."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from settings import checks
from settings.loader import parse
from settings.problems import Problem, SettingsError
from settings.stack import StackSettings
from tests.support.stacks import ABSENT, sections

Check = Callable[[StackSettings], Iterator[Problem]]
MINIO = sections("dojo")["object_store"]["minio"]
IMAGE = {"repository": "quay.io/minio/mc", "tag": "1"}


@dataclasses.dataclass(frozen=True)
class Case:
    """One rule: a change of a committed stack that it refuses, its sentence, and the change it accepts."""

    check: Check
    stack: str
    refused: dict[str, Any]
    sentence: str
    accepted: dict[str, Any]

    def __str__(self) -> str:
        """Name the case after what it changes."""
        return f"{self.check.__name__}-{'-'.join(self.refused)}"


CASES = (
    Case(
        checks.tempo_image_has_the_configured_version,
        "dojo",
        {"images.tempo.tag": "2.10.7"},
        "images.tempo.tag: differs from tempo.version, which decides the configuration that is written "
        '(got "2.10.7"; allowed "2.10.8"). Set both to the same version.',
        {"images.tempo.tag": "2.10.9", "tempo.version": "2.10.9"},
    ),
    Case(
        checks.store_settings_fit_its_kind,
        "dojo",
        {"object_store.minio": ABSENT},
        'object_store.minio: does not fit object_store.kind "minio" (got nothing; allowed a value). '
        "Add it, or change object_store.kind.",
        {"object_store.minio": MINIO},
    ),
    Case(
        checks.store_settings_fit_its_kind,
        "prod",
        {"object_store.endpoint": "store.internal:9000"},
        'object_store.endpoint: does not fit object_store.kind "aws_s3" (got a value; allowed nothing). '
        "Remove it, or change object_store.kind.",
        {
            "object_store.kind": "s3_compatible",
            "object_store.endpoint": "store.internal:9000",
            "object_store.encryption": "sse_s3",
            "images.object_store_client": IMAGE,
        },
    ),
    Case(
        checks.store_settings_fit_its_kind,
        "dojo",
        {"object_store.plain_http": True},
        "object_store.plain_http: has a meaning only for an endpoint of your own, and object_store.kind is "
        '"minio" (got true; allowed false). Remove it.',
        {"object_store.plain_http": False},
    ),
    Case(
        checks.encryption_fits_the_store,
        "dojo",
        {"object_store.encryption": "sse_kms"},
        'object_store.encryption: is not to be had from object_store.kind "minio" '
        '(got "sse_kms"; allowed none or sse_s3). Choose none or sse_s3.',
        {"object_store.encryption": "none"},
    ),
    Case(
        checks.encryption_fits_the_store,
        "prod",
        {"object_store.encryption": "none"},
        'object_store.encryption: is not to be had from object_store.kind "aws_s3" '
        '(got "none"; allowed sse_s3 or sse_kms). Choose sse_s3 or sse_kms.',
        {"object_store.encryption": "sse_s3"},
    ),
    Case(
        checks.images_of_the_store_are_named,
        "dojo",
        {"images.object_store": ABSENT},
        'images.object_store: is needed because object_store.kind is "minio" '
        "(got nothing; allowed an image). Add its repository and tag.",
        {"images.object_store": IMAGE},
    ),
    Case(
        checks.images_of_the_store_are_named,
        "dojo",
        {"images.object_store_client": ABSENT},
        'images.object_store_client: is needed because object_store.kind is "minio" '
        "(got nothing; allowed an image). Add its repository and tag.",
        {"images.object_store_client": IMAGE},
    ),
    Case(
        checks.retention_tiers_grow,
        "prod",
        {"retention.long_term_hours": 168},
        "retention.long_term_hours: is not longer than retention.detailed_hours, so the tier would hold nothing "
        "of its own (got 168; allowed more than 168). Lengthen it, or remove it to do without the tier.",
        {"retention.long_term_hours": 169},
    ),
    Case(
        checks.searches_reach_all_that_is_kept,
        "prod",
        {"tempo.search_window_hours": 719},
        "tempo.search_window_hours: is shorter than the longest retention, so old traces could be kept but not "
        "searched (got 719; allowed at least 720). Set it to 720 or more, or shorten the retention.",
        {"tempo.search_window_hours": 720},
    ),
    Case(
        checks.blocks_are_flushed_and_seen_within_their_retention,
        "dojo",
        {
            "retention.detailed_hours": 1,
            "tempo.max_block_duration_seconds": 3001,
            "tempo.blocklist_poll_seconds": 300,
        },
        "retention.detailed_hours: is over before a block is cut and seen by queriers "
        "(tempo.max_block_duration_seconds + 2 × tempo.blocklist_poll_seconds) "
        "(got 1; allowed at least 1.0 hours). Lengthen the retention, or shorten the block duration or the poll.",
        {
            "retention.detailed_hours": 1,
            "tempo.max_block_duration_seconds": 3000,
            "tempo.blocklist_poll_seconds": 300,
        },
    ),
    Case(
        checks.the_decision_outlasts_the_senders_batch,
        "dojo",
        {"sampling.decision_wait_seconds": 4},
        "sampling.decision_wait_seconds: is shorter than the SDKs' batch interval, so traces would be decided "
        "before they are whole (got 4; allowed at least 5). Set it to 10 or more.",
        {"sampling.decision_wait_seconds": 5},
    ),
    Case(
        checks.slow_traces_end_before_they_are_decided,
        "dojo",
        {"sampling.slow_threshold_ms": 10_000},
        "sampling.slow_threshold_ms: is not below sampling.decision_wait_seconds, so no trace is known to be slow "
        "when it is decided (got 10000; allowed less than 10000). Lower the threshold or lengthen the wait.",
        {"sampling.slow_threshold_ms": 9_999},
    ),
    Case(
        checks.the_average_is_below_the_peak,
        "dojo",
        {"load.average_spans_per_second": 2001},
        "load.average_spans_per_second: is above load.peak_spans_per_second (got 2001; allowed at most 2000). "
        "Correct whichever of the two is wrong.",
        {"load.average_spans_per_second": 2000},
    ),
    Case(
        checks.the_average_is_below_the_peak,
        "dojo",
        {"load.failed_percentage": 60.0, "load.slow_or_named_percentage": 40.5},
        "load.slow_or_named_percentage: adds up to more than all traces with load.failed_percentage "
        "(got 40.5; allowed at most 40). Count a trace that is both failed and slow as failed only.",
        {"load.failed_percentage": 60.0, "load.slow_or_named_percentage": 40.0},
    ),
    Case(
        checks.the_mode_has_the_processes_it_needs,
        "dojo",
        {"tempo.ingesters": 2},
        "tempo.ingesters: is more than one, which a monolithic Tempo does not support (got 2; allowed 1). "
        "Set it to 1, or set tempo.deployment_mode to microservices.",
        {"tempo.ingesters": 2, "tempo.deployment_mode": "microservices"},
    ),
    Case(
        checks.the_mode_has_the_processes_it_needs,
        "prod",
        {"tempo.ingesters": 2},
        "tempo.replication_factor: asks for more copies than there are ingesters (got 3; allowed at most 2). "
        "Add ingesters, or set it to 1.",
        {"tempo.ingesters": 3},
    ),
    Case(
        checks.limits_are_not_below_requests,
        "dojo",
        {"tempo.resources.memory_limit_mib": 255},
        "tempo.resources.memory_limit_mib: is below tempo.resources.memory_request_mib "
        "(got 255; allowed at least 256). Raise the limit or lower the request.",
        {"tempo.resources.memory_limit_mib": 256},
    ),
    Case(
        checks.limits_are_not_below_requests,
        "dojo",
        {"collectors.agent.resources.cpu_limit_millicores": 49},
        "collectors.agent.resources.cpu_limit_millicores: is below "
        "collectors.agent.resources.cpu_request_millicores (got 49; allowed at least 50). "
        "Raise the limit or lower the request.",
        {"collectors.agent.resources.cpu_limit_millicores": 50},
    ),
    Case(
        checks.limits_are_not_below_requests,
        "dojo",
        {"collectors.gateway.cpu_limit_millicores": 99},
        "collectors.gateway.cpu_limit_millicores: is below collectors.gateway.cpu_request_millicores "
        "(got 99; allowed at least 100). Raise the limit or lower the request.",
        {"collectors.gateway.cpu_limit_millicores": 100},
    ),
    Case(
        checks.limits_are_not_below_requests,
        "dojo",
        {"object_store.minio.resources.memory_limit_mib": 255},
        "object_store.minio.resources.memory_limit_mib: is below object_store.minio.resources.memory_request_mib "
        "(got 255; allowed at least 256). Raise the limit or lower the request.",
        {"object_store.minio.resources.memory_limit_mib": 256},
    ),
    Case(
        checks.tenants_are_consistent,
        "prod",
        {"tenants.namespaces": []},
        'tenants.namespaces: does not fit tenants.mode "by_namespace" (got []; allowed at least one namespace). '
        "List the namespaces with a tenant of their own, or change the mode.",
        {"tenants.namespaces": ["one"]},
    ),
    Case(
        checks.tenants_are_consistent,
        "dojo",
        {"tenants.namespaces": ["one"]},
        'tenants.namespaces: does not fit tenants.mode "single" (got ["one"]; allowed an empty list). '
        "List the namespaces with a tenant of their own, or change the mode.",
        {"tenants.namespaces": ["one"], "tenants.mode": "by_namespace"},
    ),
    Case(
        checks.tenants_are_consistent,
        "prod",
        {"tenants.namespaces": ["one", "shared"]},
        "tenants.namespaces: names a tenant twice, counting tenants.default_tenant "
        '(got "shared"; allowed each name once). Remove or rename one of them.',
        {"tenants.namespaces": ["one", "shared"], "tenants.default_tenant": "others"},
    ),
    Case(
        checks.certificates_have_an_issuer,
        "prod",
        {"tls.cluster_issuer": ABSENT},
        'tls.cluster_issuer: does not fit tls.otlp "mutual_tls" (got nothing; allowed the name of a '
        "ClusterIssuer). Name the issuer that signs the certificates, or change tls.otlp.",
        {"tls.cluster_issuer": "other-issuer"},
    ),
    Case(
        checks.certificates_have_an_issuer,
        "dojo",
        {"tls.cluster_issuer": "fawkes-internal"},
        'tls.cluster_issuer: does not fit tls.otlp "plaintext" (got "fawkes-internal"; allowed nothing). '
        "Name the issuer that signs the certificates, or change tls.otlp.",
        {"tls.cluster_issuer": "fawkes-internal", "tls.otlp": "tls"},
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_check_refuses_in_one_sentence(case: Case) -> None:
    with pytest.raises(SettingsError) as refusal:
        parse(sections(case.stack, case.refused))
    assert str(refusal.value) == case.sentence


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_check_accepts_what_lies_just_within(case: Case) -> None:
    settings = parse(sections(case.stack, case.accepted))
    assert list(case.check(settings)) == []


def test_every_check_has_a_case() -> None:
    assert {case.check for case in CASES} == set(checks.CHECKS)


def test_all_problems_are_told_at_once_in_the_order_of_their_paths() -> None:
    changes = {
        "tls.cluster_issuer": ABSENT,
        "images.tempo.tag": "2.10.7",
        "sampling.decision_wait_seconds": 4,
        "sampling.slow_threshold_ms": 4000,
    }
    with pytest.raises(SettingsError) as refusal:
        parse(sections("prod", changes))
    assert [problem.path for problem in refusal.value.problems] == [
        "images.tempo.tag",
        "sampling.decision_wait_seconds",
        "sampling.slow_threshold_ms",
        "tls.cluster_issuer",
    ]
