"""The user's own cluster, shared by two people with a clone each: the lab's, reached by its kubeconfig."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from kubernetes import client

from lab.cluster.rollout import wait_for_rollouts
from lab.engine.engine import Engine
from lab.errors import LabError
from lab.target.lab_copy import for_own_node
from lab.target.shared_state import SharedState
from lab.target.target import Target
from tests.support.engines import OverlaidEngine
from tests.support.live import DOJO, LiveStack, section
from tests.support.waiting import eventually

pytestmark = pytest.mark.engine

_SPACE = "tracing-of-two"
_OVERLAY = section("environment", namespace=_SPACE)


@dataclass(frozen=True)
class _Elsewhere(Target):
    """A target whose stacks have a namespace of their own, beside the lab's dojo."""

    def engine(self, stack: str) -> Engine:
        """Return the engine for a stack there, which asks no policies: their bounds name the dojo's namespace.

        The node has only the images that the lab builds, without digests.
        """
        engine = replace(super().engine(stack), adapt=for_own_node, policies=None)
        return OverlaidEngine.of(engine, _OVERLAY)


@pytest.fixture
def clones(dojo: LiveStack, tmp_path: Path) -> Iterator[list[SharedState]]:
    """Two clones, each with its own state folder; their deployment is destroyed afterwards."""
    targets = [_Elsewhere(dojo.target.kubeconfig, tmp_path / name, None) for name in ("ada", "grace")]
    states = [SharedState(target, DOJO, _SPACE) for target in targets]
    yield states
    if states[0].deployment():
        with states[0].kept():
            states[0]._engine.destroy()


def test_a_second_clone_resumes_with_the_stack_that_is_there(clones: list[SharedState], dojo: LiveStack) -> None:
    """Without shared state, it deployed everything over the first one's, with other passwords and another key."""
    ada, grace = clones
    with ada.kept():
        ada._engine.up()
        # As `make up` does: until then, a refresh finds changes.
        wait_for_rollouts(dojo.cluster, _SPACE, lambda _: None)
    before = _secrets(dojo)

    grace.fetch()
    grace._engine.preview("--expect-no-changes")
    with grace.kept():
        assert set(grace._engine.up().changes) == {"same"}
    assert _secrets(dojo) == before
    last = ada.deployment()
    assert last
    assert last.folder == str(grace.target.engine_home)

    with ada.kept():
        ada._engine.destroy()
    assert not grace.namespace_exists()


def test_a_namespace_that_others_made_is_not_counted_as_the_stacks_own(
    clones: list[SharedState], dojo: LiveStack
) -> None:
    """The plugin adopts it silently, and a destroy would delete it with everything that others keep in it."""
    dojo.core.create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name=_SPACE)))
    try:
        with pytest.raises(LabError, match="belongs to others"):
            clones[0].fetch()
    finally:
        dojo.core.delete_namespace(_SPACE)
        eventually(lambda: not clones[0].namespace_exists(), "the namespace is gone")


def _secrets(dojo: LiveStack) -> dict[str, dict[str, str]]:
    """Return the fields of the Secrets that the stack created, by their names."""
    found: list[Any] = dojo.core.list_namespaced_secret(_SPACE, field_selector="type=Opaque").items
    return {str(secret.metadata.name): dict(secret.data) for secret in found}
