"""YAML as the engine reads it, within bounds: a key that stands twice in one mapping is an error, not a choice.

The bounds are looked at before anything is built: aliases of aliases fit in a line and unfold to gigabytes.
"""

from collections.abc import Hashable
from typing import Any

import yaml

# Prod's file has 177 nodes on six levels, and no number of more than seven digits: what is beyond these is a
# mistake, or made to fill a memory or a day.
MOST_NODES = 20_000
DEEPEST = 50
LONGEST_NUMBER = 400
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")


class UniqueKeyLoader(yaml.SafeLoader):
    """PyYAML's safe loader takes the last of two equal keys; this one raises `yaml.YAMLError`.

    So it does for a document that nests deeper than `DEEPEST`, has more nodes than `MOST_NODES` once every alias
    is unfolded, or a number of more characters than `LONGEST_NUMBER`.
    """

    def __init__(self, stream: str | bytes) -> None:
        """Count from nothing."""
        super().__init__(stream)
        self._depth = 0
        self._unfolded = 0
        # Of each finished node, by its identity: one that an alias names and that is not here is around the alias.
        self._sizes: dict[int, int] = {}

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:  # noqa: ANN401 - PyYAML's signature
        """Compose a node, counting what it unfolds to."""
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave its type out
        before = self._unfolded
        self._depth += 1
        if self._depth > DEEPEST:
            raise _beyond(f"it nests deeper than {DEEPEST} levels", event)
        node = super().compose_node(parent, index)
        self._depth -= 1
        if isinstance(event, yaml.AliasEvent):
            if id(node) not in self._sizes:
                raise _beyond(f"*{event.anchor} stands inside of what it names", event)
            self._unfolded += self._sizes[id(node)]
        else:
            self._unfolded += 1
            self._sizes[id(node)] = self._unfolded - before
        if self._unfolded > MOST_NODES:
            raise _beyond(f"it has more than {MOST_NODES} values once its aliases are unfolded", event)
        if isinstance(node, yaml.ScalarNode) and node.tag in _NUMBERS and len(node.value) > LONGEST_NUMBER:
            raise _beyond(f"a number has more than {LONGEST_NUMBER} characters", event)
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        """Build a mapping, and name the second place of a key that has two."""
        seen: set[tuple[str, str]] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if (key.tag, key.value) in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key {key.value!r} stands there twice", key.start_mark
                    )
                seen.add((key.tag, key.value))
        return super().construct_mapping(node, deep)


def _beyond(what: str, event: yaml.Event) -> yaml.YAMLError:
    mark: Any = event.start_mark
    return yaml.composer.ComposerError(None, None, what, mark)
