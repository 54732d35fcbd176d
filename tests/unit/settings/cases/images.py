"""Cases of `settings/checks/images.py`."""

from settings.checks import images
from tests.unit.settings.cases import Case

CASES = (
    Case(
        images.every_image_stays_the_same,
        "dojo",
        {"images.collector.tag": "latest"},
        'images.collector.tag: is a tag that moves from version to version (got "latest"; allowed an exact '
        "version, or a digest beside it). Name the version that you have tried.",
        {"images.collector.tag": "latest", "images.collector.digest": f"sha256:{'0' * 64}"},
    ),
)
