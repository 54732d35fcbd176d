"""Ctrl-C at several points of `make up`, and the same command again: it resumes from there."""

import pytest

from lab.node import Binaries, Node, containers, load
from lab.node.layout import NodeFolder
from lab.target.stacks import stack_images
from render.names import MINIO
from tests.cluster.lab_command import Ended, interrupted_up, lab
from tests.support.live import LiveStack

# It starts a node and a stack four times, which takes three minutes on an idle machine.
pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1800)]


def test_an_up_interrupted_while_it_starts_the_node_loads_images_and_deploys_goes_on_each_time(
    dojo: LiveStack,
) -> None:
    """Beginners press Ctrl-C when a minute feels long, and then run the same command again."""
    node = dojo.target.node
    if node is None:
        pytest.skip("The cluster is not the lab's own node: it has no images to load.")
    dojo.forget()
    dojo.engine().destroy()
    _remove_images(dojo, node)
    try:
        assert lab("down").code == 0
        _assert_interrupted(interrupted_up(lambda output: "▶ control plane" in output), "▶ control plane")
        _assert_interrupted(interrupted_up(lambda output: "▶ image tempo" in output), "▶ image tempo")
        _assert_interrupted(interrupted_up(lambda output: "▶ deploy" in output and _deploying(dojo)), "▶ deploy")
    finally:
        # Also after a failure: without its images no other test's Pods would ever start.
        ended = lab("up")
    assert ended.code == 0, ended.output
    assert "make trace ID=" in ended.output
    dojo.engine().preview("--expect-no-changes")


def _assert_interrupted(ended: Ended, last_step: str) -> None:
    assert ended.code == 130, ended.output
    assert "Interrupted. Run the same command again: it resumes from here." in ended.output
    assert last_step in ended.output
    assert "Traceback" not in ended.output


def _deploying(stack: LiveStack) -> bool:
    """Return whether the deployment has begun: the store comes first, and the others wait for it."""
    return bool(stack.pods(MINIO))


def _remove_images(stack: LiveStack, node: Node) -> None:
    """Delete the stack's images: the next start must load them."""
    record = node.record()
    assert record
    binaries = load(NodeFolder(record.folder).binaries)
    assert isinstance(binaries, Binaries)
    for image in stack_images(stack.settings.images):
        removed = containers._ctr(record.pid, binaries, "images", "remove", "--sync", image.reference)
        assert removed.returncode == 0, removed.stderr
