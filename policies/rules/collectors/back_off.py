"""A refused request comes again after growing pauses."""

from collections.abc import Iterator

from policies.collector_config import collector_files, kind_of, ways
from policies.config_maps import CONFIG_MAP
from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

# What an exporter does if it does not say it: `load_balancing` has no defaults for the two factors.
_DEFAULT_MULTIPLIER, _DEFAULT_VARIATION = 1.5, 0.5


def check(config_map: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each exporter of spans whose pauses do not grow, or are the same in every sender."""
    for file in collector_files(config_map):
        for name in dict.fromkeys(way.exporter for way in ways(file.document)):
            retry = file.document["exporters"][name]["retry_on_failure"]
            if retry["enabled"].flag(True):
                yield from _faults(f"Exporter {name} in {file.name}", retry, kind_of(name) == "loadbalancing")


def _faults(what: str, retry: Property, no_defaults: bool) -> Iterator[str]:  # noqa: FBT001
    multiplier = retry["multiplier"].number(0 if no_defaults else _DEFAULT_MULTIPLIER)
    variation = retry["randomization_factor"].number(0 if no_defaults else _DEFAULT_VARIATION)
    if multiplier <= 1:
        yield f"{what} pauses no longer after each refusal: multiplier is {multiplier:g}, more than 1 is required."
    if variation <= 0:
        yield f"{what} retries together with all other senders: randomization_factor is 0."


RULE = ResourceRule(
    name="collectors-back-off",
    promise="Retries do not overload a receiver that refuses, nor the others that a request goes to again.",
    severity=Severity.MEDIUM,
    to_do="Set multiplier and randomization_factor in retry_on_failure; load_balancing has no defaults for them.",
    types=(CONFIG_MAP,),
    check=check,
)
