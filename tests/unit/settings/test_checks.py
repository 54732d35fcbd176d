"""The checks between sections, with the cases in `cases/`."""

import pytest

from settings.checks import CHECKS
from settings.loader import parse
from settings.problems import SettingsError
from tests.support.stacks import sections
from tests.unit.settings.cases import (
    Case,
    access,
    aws,
    grafana,
    images,
    network,
    retention,
    scrubbing,
    slos,
    span_metrics,
    store,
    tempo,
    tenancy,
    tls,
    traffic,
)

CASES = (
    *images.CASES,
    *tempo.CASES,
    *store.CASES,
    *aws.CASES,
    *retention.CASES,
    *traffic.CASES,
    *tenancy.CASES,
    *tls.CASES,
    *grafana.CASES,
    *network.CASES,
    *slos.CASES,
    *span_metrics.CASES,
    *scrubbing.CASES,
    *access.CASES,
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
    assert {case.check for case in CASES} == set(CHECKS)


def test_all_problems_are_told_at_once_in_the_order_of_their_paths() -> None:
    changes = {
        "tls.issuer": None,
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
        "tls.issuer",
    ]
