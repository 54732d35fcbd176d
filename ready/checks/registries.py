"""The images can be pulled; only the nodes can tell."""

from collections.abc import Iterator

from ready.facts import Facts
from ready.finding import Finding, listed, not_seen
from ready.needs import Needs
from settings.images import Image


def check(needs: Needs, _: Facts) -> Iterator[Finding]:
    """Yield the registries that the nodes must reach."""
    images = needs.settings.images
    used = [found for name in type(images).model_fields if isinstance(found := getattr(images, name), Image)]
    hosts = [images.mirror] if images.mirror else sorted({one.repository.partition("/")[0] for one in used})
    why = f"the nodes pull from {listed(hosts)}, by their own route"
    yield not_seen("images", why, "If nodes have no such route, copy the images and set images.mirror.")
