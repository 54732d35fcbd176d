"""What a process tells of itself, as Prometheus scrapes it."""

from collections.abc import Iterable

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample


def samples(page: str) -> list[Sample]:
    """Return every sample of a page in Prometheus' text format; ValueError where it is none."""
    return [sample for family in text_string_to_metric_families(page) for sample in family.samples]


def series(found: Iterable[Sample], name: str, **labels: str) -> list[Sample]:
    """Return a metric's series that have these labels."""
    return [sample for sample in found if sample.name == name and labels.items() <= sample.labels.items()]


def total(found: Iterable[Sample], name: str, **labels: str) -> float:
    """Return the sum of a metric over its series with these labels, 0 when there is none."""
    return sum(sample.value for sample in series(found, name, **labels))
