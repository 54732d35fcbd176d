from hypothesis import given
from hypothesis import strategies as st

from plan.containers import go_memory_limit_mib


@given(limit=st.integers(64, 262_144))
def test_go_works_harder_before_the_kernel_kills(limit: int) -> None:
    assert 0 < go_memory_limit_mib(limit) < limit
    assert go_memory_limit_mib(limit) >= limit * 0.8 - 1
