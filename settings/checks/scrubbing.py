"""Checks of what is masked in addition."""

from collections.abc import Iterator

from settings.go_patterns import MAX_LENGTH, MIN_PREFIX, fault
from settings.problems import Problem, shown
from settings.scrubbing import READ_BEHIND_MASKING
from settings.stack import StackSettings


def additional_patterns_are_cheap_ones_of_go(settings: StackSettings) -> Iterator[Problem]:
    """A pattern that Go does not compile keeps a gateway from starting; a slow one costs every kept span."""
    for number, pattern in enumerate(settings.scrubbing.additional_patterns):
        if wrong := fault(pattern):
            yield Problem(
                f"scrubbing.additional_patterns.{number}",
                wrong,
                shown(pattern),
                f"up to {MAX_LENGTH} characters that begin with {MIN_PREFIX} literal ones, with classes, groups "
                "and repetitions, without flags, assertions and back references",
                "Begin with the text that announces the secret, or write several patterns.",
            )


def only_an_allow_list_names_allowed_keys(settings: StackSettings) -> Iterator[Problem]:
    """A list without the mode is an incomplete change, after which everything is still stored."""
    scrubbing = settings.scrubbing
    if scrubbing.allowed_keys and scrubbing.mode != "allow_list":
        yield Problem(
            "scrubbing.allowed_keys",
            f"does not apply to scrubbing.mode {shown(scrubbing.mode)}",
            shown(list(scrubbing.allowed_keys)),
            "an empty list",
            "Remove it, or set scrubbing.mode to allow_list.",
        )


def routing_reads_what_it_needs(settings: StackSettings) -> Iterator[Problem]:
    """A masked namespace would send all spans to the default tenant."""
    for number, key in enumerate(settings.scrubbing.additional_keys):
        if key in READ_BEHIND_MASKING:
            yield Problem(
                f"scrubbing.additional_keys.{number}",
                "is what gateways choose a span's tenant and tiers by",
                shown(key),
                "any other attribute",
                "Remove it.",
            )
