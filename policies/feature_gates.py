"""Feature gates of a collector, which its command line turns on."""

from collections.abc import Iterator

from policies.property import Property


def turned_on(container: Property, gate: str) -> bool:
    """Return whether a collector's container turns on a feature gate."""
    return any(gate in gates for gates in _gates(container))


def _gates(container: Property) -> Iterator[list[str]]:
    arguments = [*container["command"].texts(), *container["args"].texts()]
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=True):
        flag, equals, value = argument.partition("=")
        if flag.lstrip("-") == "feature-gates":
            yield [gate.removeprefix("+") for gate in (value if equals else following).split(",")]
