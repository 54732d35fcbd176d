from typing import Any

import pytest

from plan.plan import make_plan
from policies.tempo_keys import unknown_keys, unknown_limits
from render.tempo.overrides import tenant_overrides
from tests.support.stacks import STACKS, settings_of
from tests.support.tempo_configs import VERSIONS, config_of, of_3


@pytest.mark.parametrize("major", VERSIONS)
@pytest.mark.parametrize("stack", STACKS)
def test_tempo_knows_every_key_that_a_stack_gets(stack: str, major: int) -> None:
    changes = of_3(kafka=stack != "dojo") if major == 3 else {}
    settings = settings_of(stack, changes)
    assert unknown_keys(config_of(stack, changes), major) == []
    for block in tenant_overrides(settings, make_plan(settings))["overrides"].values():
        assert unknown_limits(block, major) == []


def test_flat_limits_are_known_to_the_older_major_only() -> None:
    block = {"block_retention": "1h", "max_bytes_per_trace": 1, "retention": "1h"}
    assert unknown_limits(block, 2) == ["retention"]
    assert unknown_limits(block, 3) == list(block)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"usage_report": {"reporting": False}}, ["usage_report.reporting"]),
        ({"usage_report": None}, []),
        ({"server": {"http_listen_port": {"a": 1}}}, ["server.http_listen_port.a"]),
        ({"storage": {"trace": {"s3": {"tags": {"any": "thing"}}}}}, []),
        ({"compactor": {}}, []),
        ({"live_store": {"unknown": [{"a": 1}, {"a": 2}]}}, ["live_store.unknown.a"]),
    ],
)
def test_an_unknown_key_is_found_once_by_its_path(document: Any, expected: list[str]) -> None:
    assert unknown_keys(document, 2) == expected
