"""Tail samplers on the way of spans: which share of ordinary traces passes them."""

from dataclasses import dataclass

from policies.collector_config import Way, kind_of
from policies.property import Property
from policies.recorded import passed_policies

# The percentage of what is not sampled at all.
_ALL = 100.0


@dataclass(frozen=True)
class Sampler:
    """A sampler's id, its settings and the number of samplers before it on the way."""

    name: str
    settings: Property
    before: int


def samplers(document: Property, way: Way) -> list[Sampler]:
    """Return the tail samplers on a way."""
    names = [name for name in way.processors if kind_of(name) == "tailsampling"]
    return [Sampler(name, document["processors"][name], count) for count, name in enumerate(names)]


def baseline_percentage(document: Property, way: Way) -> float:
    """Return which percentage of the traces that nothing else keeps reaches the end of a way.

    Samplers with the same salt hash alike, so what passes the lowest percentage passes all; others multiply. A
    filter that chooses by the recorded policy passes what the policies that it names kept before any other.
    """
    by_salt: dict[str, float] = {}
    passed = passed_policies(document, way)
    for sampler in samplers(document, way):
        salt, percentage = _of_sampler(sampler.settings, passed)
        by_salt[salt] = min(by_salt.get(salt, _ALL), percentage)
    product = _ALL
    for percentage in by_salt.values():
        product *= percentage / _ALL
    for name in way.processors:
        if kind_of(name) == "probabilisticsampler":
            product *= document["processors"][name]["sampling_percentage"].number(0) / _ALL
    return product


def _of_sampler(settings: Property, passed: set[str] | None) -> tuple[str, float]:
    """Return the salt and the percentage of what policies keep most, counting only those that are passed on.

    A trace counts for the first policy that keeps it, as it is recorded.
    """
    kept, before = {"": 0.0}, {"": 0.0}
    for policy in settings["policies"].items():
        salt, percentage = _share(policy)
        new = max(0.0, percentage - before.get(salt, 0.0))
        before[salt] = before.get(salt, 0.0) + new
        if passed is None or policy["name"].text("") in passed:
            kept[salt] = kept.get(salt, 0.0) + new
    return max(kept.items(), key=lambda one: one[1])


def _share(policy: Property) -> tuple[str, float]:
    """Return the salt of a policy and the percentage of ordinary traces that it keeps."""
    if _keeps_all(policy):
        return "", _ALL
    if policy["type"].text("") != "probabilistic":
        return "", 0.0
    found = policy["probabilistic"]
    return found["hash_salt"].text(""), found["sampling_percentage"].number(0)


def _keeps_all(policy: Property) -> bool:
    """Return whether a policy alone keeps every trace, or every one without an error."""
    kind = policy["type"].text("")
    if kind == "status_code":
        return "UNSET" in policy["status_code"]["status_codes"].texts()
    return kind == "always_sample" or (kind == "latency" and policy["latency"]["threshold_ms"].number(0) <= 0)
