from hypothesis import given
from hypothesis import strategies as st

from plan.containers import go_memory_limit_mib, local_disk


@given(limit=st.integers(64, 262_144))
def test_go_works_harder_before_the_kernel_kills(limit: int) -> None:
    assert 0 < go_memory_limit_mib(limit) < limit
    assert go_memory_limit_mib(limit) >= limit * 0.8 - 1


@given(size=st.integers(0, 65_536), used=st.integers(0, 65_536))
def test_a_container_asks_for_its_scratch_space_and_has_room_for_its_log_files(size: int, used: int) -> None:
    whole, part = local_disk(size), local_disk(size, min(used, size))
    assert size < whole.request_mib < whole.limit_mib
    assert part.request_mib <= whole.request_mib
    assert part.limit_mib == whole.limit_mib
