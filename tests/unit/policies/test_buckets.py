"""Guards are joined to their bucket, by names or by what they were computed from."""

from typing import Any

import pytest

from policies import buckets
from policies.property import Property, Special
from policies.resources import Resource, Stack


def resource(type_: str, name: str, properties: Any, depends_on: dict[str, list[str]] | None = None) -> Resource:
    return Resource(name, type_, name, Property(properties), depends_on=depends_on or {})


TRACES = resource(buckets.BUCKET[0], "traces", {"bucket": "traces"})
LOGS = resource(buckets.BUCKET[1], "logs", {"bucket": Special.UNKNOWN})


@pytest.mark.parametrize(
    ("named", "origins", "expected"),
    [
        ("traces", [], True),
        ("other", ["traces"], False),
        (Special.UNKNOWN, ["traces"], True),
        (Special.UNKNOWN, ["logs"], False),
        (Special.UNKNOWN, [], False),
    ],
)
def test_a_known_name_decides_and_otherwise_the_origin(named: Any, origins: list[str], *, expected: bool) -> None:
    guard = resource("any", "guard", {"bucket": named}, {"bucket": origins})
    assert buckets.names(guard, "bucket", TRACES) is expected


def test_a_bucket_for_the_logs_of_another_holds_no_data() -> None:
    logging = resource(
        buckets.LOGGING[0], "l", {"bucket": "traces", "targetBucket": Special.UNKNOWN}, {"targetBucket": ["logs"]}
    )
    assert list(buckets.data_buckets(Stack([TRACES, LOGS, logging]))) == [TRACES]


def test_a_bucket_that_logs_into_itself_holds_data() -> None:
    logging = resource(buckets.LOGGING[0], "l", {"bucket": "traces", "targetBucket": "traces"})
    assert list(buckets.data_buckets(Stack([TRACES, logging]))) == [TRACES]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({}, True),
        ({"filter": {"prefix": "", "tag": None}}, True),
        ({"filter": {"prefix": "shared/"}}, False),
        ({"prefix": "shared/"}, False),
        ({"filter": {"objectSizeGreaterThan": 1}}, False),
    ],
)
def test_a_lifecycle_rule_without_a_filter_is_for_all_objects(rule: Any, *, expected: bool) -> None:
    assert buckets.is_for_all(Property(rule)) is expected
