import pytest

from policies.property import Property, Special
from policies.units import quantity, seconds
from policies.unjudged import UnjudgedError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30s", 30),
        ("48h0m0s", 172_800),
        ("1.5h", 5400),
        ("2d", 172_800),
        ("1w", 604_800),
        ("250ms", 0.25),
        ("0", 0),
    ],
)
def test_a_duration_is_read_as_go_and_prometheus_read_it(text: str, expected: float) -> None:
    assert seconds(Property(text, "wait")) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["", "30", "s", "1h 5m", "1h,", "-1h"])
def test_what_is_no_duration_cannot_be_judged(text: str) -> None:
    with pytest.raises(UnjudgedError, match="wait is no duration"):
        seconds(Property(text, "wait"))


def test_a_missing_duration_has_the_default() -> None:
    assert seconds(Property(Special.MISSING, "wait"), 5) == 5


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("512Mi", 2**29), ("1.5Gi", 1.5 * 2**30), ("500m", 0.5), ("2", 2), (3, 3), ("1k", 1000)],
)
def test_a_quantity_is_read_as_kubernetes_reads_it(amount: object, expected: float) -> None:
    assert quantity(Property(amount, "memory")) == expected


@pytest.mark.parametrize("amount", ["lots", "1Xi", True])
def test_what_is_no_quantity_cannot_be_judged(amount: object) -> None:
    with pytest.raises(UnjudgedError, match="memory"):
        quantity(Property(amount, "memory"))
