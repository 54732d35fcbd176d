"""Resources in words."""


def label(urn: str) -> str:
    """Return a resource's kind and name: `StatefulSet tempo`."""
    types, _, name = urn.split("::", 2)[2].partition("::")
    return f"{types.rpartition(':')[2]} {name}"


def counted(number: int, noun: str) -> str:
    """Return a number and its noun: `1 resource`, `2 policies`."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun[:-1]}ies" if noun.endswith("y") else f"{number} {noun}s"
