"""Cases of `settings/checks/images.py`."""

from settings.checks import images
from tests.unit.settings.cases import Case

CASES = (
    Case(
        images.images_are_pinned,
        "dojo",
        {"images.collector.tag": "latest"},
        'images.collector.tag: is a floating tag (got "latest"; allowed an exact version, or a digest beside it). '
        "Set the version that you have tested, or add its digest.",
        {"images.collector.tag": "latest", "images.collector.digest": f"sha256:{'0' * 64}"},
    ),
)
