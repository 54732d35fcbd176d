"""What a stack needs for another peak follows from the plan, and from nothing else."""

import pytest

from plan.capacity import capacity, changed
from plan.limits import checked_plan
from settings.problems import SettingsError
from tests.support.stacks import settings_of

PROD = settings_of("prod")
TENFOLD = capacity(PROD, 10 * PROD.load.peak_spans_per_second)


def test_the_declared_peak_needs_no_change() -> None:
    found = capacity(PROD, PROD.load.peak_spans_per_second)
    assert (found.changes, found.refusals) == ({}, ())
    assert found.plan == checked_plan(PROD)


def test_a_lower_peak_takes_nothing_away() -> None:
    found = capacity(PROD, 10_000)
    assert set(found.changes) == {"load.peak_spans_per_second"}


def test_the_plan_accepts_what_ten_times_the_peak_needs() -> None:
    assert checked_plan(TENFOLD.settings) == TENFOLD.plan
    assert TENFOLD.settings.load.peak_spans_per_second == 10 * PROD.load.peak_spans_per_second


def test_one_gateway_less_is_refused() -> None:
    replicas = TENFOLD.settings.collectors.gateway.replicas
    assert replicas > PROD.collectors.gateway.replicas
    with pytest.raises(SettingsError, match=r"collectors\.gateway"):
        checked_plan(changed(TENFOLD.settings, {"collectors.gateway.replicas": replicas - 1}))


def test_each_node_and_each_ingester_has_as_much_as_before() -> None:
    for each in (PROD, TENFOLD.settings):
        assert each.load.peak_spans_per_second / each.load.nodes == 10_000
    before, after = (checked_plan(each).storage.ingester_volume_bytes for each in (PROD, TENFOLD.settings))
    assert after == pytest.approx(before)


def test_every_refusal_of_the_load_alone_is_named_and_so_is_every_change() -> None:
    assert {problem.path for problem in TENFOLD.refusals} >= {
        "collectors.gateway.memory_ceiling_mib",
        "collectors.gateway.cpu_request_millicores",
        "tempo.volume_size_gib",
    }
    assert TENFOLD.changes["collectors.gateway.replicas"] == (3, TENFOLD.settings.collectors.gateway.replicas)
    assert TENFOLD.changes["load.nodes"] == (10, 100)


def test_a_peak_for_which_no_file_can_ask_is_refused_with_the_reason() -> None:
    with pytest.raises(SettingsError, match=r"tempo\.ingesters"):
        capacity(PROD, 100 * PROD.load.peak_spans_per_second)
