"""A bounded YAML loader that, like the engine, refuses duplicate keys.

The bounds are checked before any value is built: nested aliases fit in one line and expand to gigabytes.
"""

from collections.abc import Hashable
from typing import Any

import yaml

# Prod's file has about 170 nodes on six levels, and no number of more than seven digits. A file beyond these
# bounds is a mistake or an attack on memory or time.
MOST_NODES = 20_000
DEEPEST = 50
LONGEST_NUMBER = 400
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")


class UniqueKeyLoader(yaml.SafeLoader):
    """PyYAML's safe loader, except that it raises `yaml.YAMLError` for duplicate keys and beyond the bounds.

    PyYAML itself takes the last of two equal keys. The bounds: `DEEPEST` levels, `MOST_NODES` nodes with every
    alias expanded, `LONGEST_NUMBER` characters in a number.
    """

    def __init__(self, stream: str | bytes) -> None:
        """Start all counts at zero."""
        super().__init__(stream)
        self._depth = 0
        self._expanded = 0
        # Expanded size of each finished node by its id(). An aliased node that is not here contains the alias.
        self._sizes: dict[int, int] = {}

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:  # noqa: ANN401 - PyYAML's signature
        """Compose a node, and count the nodes that it expands to."""
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave its type out
        before = self._expanded
        self._depth += 1
        if self._depth > DEEPEST:
            raise _beyond(f"it nests deeper than {DEEPEST} levels", event)
        node = super().compose_node(parent, index)
        self._depth -= 1
        if isinstance(event, yaml.AliasEvent):
            if id(node) not in self._sizes:
                raise _beyond(f"alias *{event.anchor} is inside the node that it refers to", event)
            self._expanded += self._sizes[id(node)]
        else:
            self._expanded += 1
            self._sizes[id(node)] = self._expanded - before
        if self._expanded > MOST_NODES:
            raise _beyond(f"it has more than {MOST_NODES} values with its aliases expanded", event)
        if isinstance(node, yaml.ScalarNode) and node.tag in _NUMBERS and len(node.value) > LONGEST_NUMBER:
            raise _beyond(f"a number has more than {LONGEST_NUMBER} characters", event)
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        """Build a mapping; raise at the second place of a duplicate key."""
        seen: set[tuple[str, str]] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if (key.tag, key.value) in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"duplicate key {key.value!r}", key.start_mark
                    )
                seen.add((key.tag, key.value))
        return super().construct_mapping(node, deep)


def _beyond(what: str, event: yaml.Event) -> yaml.YAMLError:
    mark: Any = event.start_mark
    return yaml.composer.ComposerError(None, None, what, mark)
