from prometheus_client.samples import Sample

from render.names import GATEWAY
from tests.faults.counters import growth, identity

_KEY = (GATEWAY, "dropped_total")


def test_growth_is_summed_over_the_processes_of_a_component() -> None:
    """A counter begins at 0 when its process starts again."""
    first = {"old": {_KEY: 100.0}}
    last = {"old": {_KEY: 103.0}, "new": {_KEY: 5.0}}
    assert growth(first, last)[_KEY] == 8


def test_a_counter_that_appeared_meanwhile_began_at_0() -> None:
    assert growth({"one": {}}, {"one": {_KEY: 2.0}})[_KEY] == 2


def test_a_process_is_told_from_the_one_before_it() -> None:
    before, after = ([Sample("target_info", {"service_instance_id": name}, 1.0)] for name in ("a", "b"))
    assert identity(before) != identity(after)
    before, after = ([Sample("process_start_time_seconds", {}, start)] for start in (1.0, 2.0))
    assert identity(before) != identity(after)


def test_what_a_process_counts_does_not_change_who_it_is() -> None:
    same = Sample("target_info", {}, 1.0)
    assert identity([same, Sample("sent_total", {}, 1.0)]) == identity([same, Sample("sent_total", {}, 2.0)])
