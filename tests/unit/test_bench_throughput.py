"""The pure parts of the benchmarks of throughput: routing, control groups, the search for a rate, their texts."""

import itertools
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bench.throughput.cgroup import Group, Limits, limited
from bench.throughput.command import promised, slower
from bench.throughput.place import allowed, prod, requested
from bench.throughput.report import Costs, Scaling, Throughput, scaling_text, throughput_text
from bench.throughput.run import Case, Outcome
from bench.throughput.search import best, search
from bench.throughput.sender import Sent, gateway_of, ids_for
from lab.errors import LabError

CASE = Case(
    gateways=1,
    limits=Limits(cores=0.75, memory_mib=4608),
    seconds=60,
    spans_per_second=50_000,
    wait_seconds=15,
)
SENT = Sent(spans=3_000_000, refused=0, seconds=60, cpu_seconds=6)
HELD = Outcome(
    case=CASE,
    sent=SENT,
    cpu_seconds=30,
    throttled=0.1,
    memory_bytes=3 * 2**30,
    early=0,
    lost=0,
    delivered=390_000,
    others=0.1,
)
V1 = {name: Path(f"/groups/{name}/bench") for name in ("cpu", "cpuacct", "memory")}


def test_every_id_belongs_to_the_gateway_that_it_is_made_for() -> None:
    for number in range(3):
        ids = list(itertools.islice(ids_for(number, 3), 200))
        assert {gateway_of(each, 3) for each in ids} == {number}
        assert len(set(ids)) == len(ids)


def test_ids_are_spread_evenly() -> None:
    ids = list(itertools.islice(ids_for(0, 1), 6000))
    counts = [sum(gateway_of(each, 3) == number for each in ids) for number in range(3)]
    assert min(counts) > 1800


@dataclass(frozen=True)
class Tried:
    """A try that holds up to a rate."""

    rate: float
    held: bool


def test_a_search_goes_down_until_a_rate_holds() -> None:
    found = search(100, lambda rate: Tried(rate, held=rate <= 85), 5, lambda tried: tried.rate * 0.9)
    assert [round(each.rate) for each in found] == [100, 90, 81]
    assert best(found) == found[-1]


def test_a_search_ends_after_its_tries() -> None:
    found = search(100, lambda rate: Tried(rate, held=False), 3, lambda tried: tried.rate / 2)
    assert [each.rate for each in found] == [100, 50, 25]
    assert best(found) is None


def test_a_search_never_goes_up() -> None:
    found = search(100, lambda rate: Tried(rate, held=False), 3, lambda tried: tried.rate * 2)
    assert [each.rate for each in found] == [100, 100, 100]


def test_the_next_rate_is_a_step_lower_or_what_a_spans_cost_promises() -> None:
    # 0.75 cores / 10 µs are 75 000 spans a second, more than a step below 50 000.
    assert slower(HELD) == pytest.approx(45_000)
    # At 20 µs they are 37 500, of which nine tenths are tried.
    assert slower(replace(HELD, cpu_seconds=60)) == pytest.approx(33_750)
    assert promised(Limits(cores=2, memory_mib=1), 20) == pytest.approx(90_000)


@pytest.mark.parametrize(
    "outcome",
    [
        replace(HELD, early=1),
        replace(HELD, lost=1),
        replace(HELD, sent=replace(SENT, refused=1)),
        replace(HELD, sent=replace(SENT, spans=2_900_000)),
    ],
    ids=["an undecided trace lost", "a kept span lost", "a span refused", "sent too late"],
)
def test_a_rate_does_not_hold_with(outcome: Outcome) -> None:
    assert HELD.held
    assert not outcome.held


def test_the_cost_of_a_span_counts_accepted_spans_alone() -> None:
    assert HELD.microseconds == pytest.approx(10)
    half = replace(HELD, sent=replace(SENT, refused=1_500_000))
    assert half.microseconds == pytest.approx(20)


def test_a_command_joins_every_group_and_then_becomes_the_given_one() -> None:
    shell, option, script, name, *rest = Group(V1).entered(["collector", "--config", "x"])
    assert (shell, option, name, rest) == ("/bin/sh", "-c", "sh", ["collector", "--config", "x"])
    assert all(f"{folder}/cgroup.procs" in script for folder in V1.values())
    assert script.endswith('exec "$@"')


def test_limits_are_a_quota_of_each_period_and_bytes(tmp_path: Path) -> None:
    group = Group(dict.fromkeys(V1, tmp_path))
    group.limit(Limits(cores=0.75, memory_mib=1))
    assert (tmp_path / "cpu.max").read_text(encoding="utf-8") == "75000 100000"
    assert (tmp_path / "memory.max").read_text(encoding="utf-8") == "1048576"


def test_cpu_time_and_throttled_periods_are_read_from_either_version(tmp_path: Path) -> None:
    (tmp_path / "cpu.stat").write_text("usage_usec 2500000\nnr_periods 10\nnr_throttled 4\n", encoding="utf-8")
    (tmp_path / "v1").mkdir()
    (tmp_path / "v1" / "cpuacct.usage").write_text("2500000000\n", encoding="utf-8")
    v2 = Group(dict.fromkeys(V1, tmp_path))
    v1 = Group({"cpu": tmp_path, "cpuacct": tmp_path / "v1", "memory": tmp_path})
    assert v1.cpu_seconds() == v2.cpu_seconds() == 2.5
    assert v2.throttled_share() == 0.4


def test_where_no_group_can_be_made_the_reason_is_said(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="cannot be made"), limited(CASE.limits, tmp_path / "missing"):
        pass


def test_a_gateway_gets_what_prod_requests() -> None:
    settings, plan = prod()
    found = requested(settings, plan)
    assert found.cores * 1000 == settings.collectors.gateway.cpu_request_millicores
    assert found.memory_mib == allowed(settings, plan).memory_mib == plan.gateway.memory_limit_mib
    assert allowed(settings, plan).cores * 1000 == settings.collectors.gateway.cpu_limit_millicores


def outcomes(*, held: bool, gateways: int, spans: int) -> list[Outcome]:
    """Return the one run of a search."""
    case = replace(CASE, gateways=gateways, spans_per_second=spans / 60)
    return [replace(HELD, case=case, sent=replace(SENT, spans=spans), early=0 if held else 7)]


def given(every: Outcome | None) -> Throughput:
    """Return runs in which a span takes 10 µs, and 2 more as agents send it."""
    return Throughput(
        alone=Sent(spans=1_000_000, refused=0, seconds=5, cpu_seconds=2),
        costs=Costs(bare=replace(HELD, cpu_seconds=12), plain=HELD, as_agents=replace(HELD, cpu_seconds=36)),
        limit=outcomes(held=True, gateways=1, spans=3_000_000),
        request=outcomes(held=False, gateways=1, spans=1_800_000),
        every=every,
    )


def test_the_text_says_what_held_and_how_many_cores_the_peak_takes() -> None:
    text = throughput_text(*prod(), given(None))
    assert "One of prod's gateways takes 50 000 spans/s for 60 s" in text
    assert "less than 30 000 spans/s with the 0.75 that it requests" in text
    assert (
        "the peak of 100 000 spans/s takes 1.2 cores of the gateways; prod's 3 request 2.25 and may use 6" in text
    )
    assert "| in a gateway, at the highest rate above | 10.0 | 1.00 |" in text
    assert "| the same, and what compressing and encrypting add | 12.0 | 1.20 |" in text
    assert "| 1 | 0.75 | 30 000 | 30 000 | 0 | 7 |" in text
    assert "200 000 spans/s\nwith 0.40 cores" in text
    assert "do not fit into" in text
    # The plan counts 14.5 µs.
    assert "`load.cpu_factor` is 0.8" in text


def test_all_gateways_together_are_in_the_table_where_they_fit() -> None:
    (every,) = outcomes(held=True, gateways=3, spans=6_000_000)
    text = throughput_text(*prod(), given(every))
    assert "| 3 | 0.75 | 100 000 | 100 000 | 0 | 0 |" in text
    assert "do not fit into" not in text


def test_the_ratio_is_that_of_the_highest_rates_that_held() -> None:
    one = [*outcomes(held=False, gateways=1, spans=1_300_000), *outcomes(held=True, gateways=1, spans=1_200_000)]
    found = Scaling(alone=SENT, one=one, all=outcomes(held=True, gateways=3, spans=3_480_000))
    assert found.ratio == pytest.approx(2.9)
    assert "3 gateways take 2.90 times as many spans as one" in scaling_text(found)


def test_a_search_without_a_rate_that_held_has_no_ratio() -> None:
    found = Scaling(
        alone=SENT,
        one=outcomes(held=True, gateways=1, spans=1_200_000),
        all=outcomes(held=False, gateways=3, spans=3_600_000),
    )
    assert found.ratio is None
    assert "3 gateways did not hold any rate tried" in scaling_text(found)
