"""Cases of `settings/checks/images.py`."""

from settings.checks import images
from tests.unit.settings.cases import Case

CASES = (
    Case(
        images.images_are_pinned,
        "dojo",
        {"images.collector.tag": "latest", "images.collector.digest": None},
        'images.collector.tag: is a floating tag (got "latest"; allowed an exact version, or a digest beside it). '
        "Set the version that you have tested, or add its digest.",
        {"images.collector.tag": "latest", "images.collector.digest": f"sha256:{'0' * 64}"},
    ),
    Case(
        images.the_mirror_replaces_a_registry,
        "prod",
        {"images.mirror": "registry.internal", "images.collector.repository": "otel/collector"},
        "images.collector.repository: begins with no registry, and images.mirror replaces one "
        '(got "otel"; allowed a host name with a dot or a port, or localhost). '
        "Write the registry out, as in docker.io/grafana/tempo, or remove images.mirror.",
        {"images.mirror": "registry.internal", "images.collector.repository": "localhost/otel/collector"},
    ),
    Case(
        images.the_mirror_replaces_a_registry,
        "prod",
        {"images.mirror": "mirror/hub"},
        "images.mirror: begins with no registry, and images.mirror replaces one "
        '(got "mirror"; allowed a host name with a dot or a port, or localhost). '
        "Write the registry out, as in docker.io/grafana/tempo, or remove images.mirror.",
        {"images.mirror": "mirror:5000/hub"},
    ),
    Case(
        images.the_check_has_an_image,
        "prod",
        {"images.synthetic_check": None},
        "images.synthetic_check: is not set, and synthetic_check.enabled is true (got nothing; allowed an image "
        "with Python 3.11 or newer). Set it as in Pulumi.prod.yaml, or set synthetic_check.enabled to false.",
        {"images.synthetic_check": None, "synthetic_check.enabled": False},
    ),
    Case(
        images.pull_secrets_are_listed_once,
        "prod",
        {"images.pull_secrets": ["hub", "ghcr", "hub"]},
        'images.pull_secrets: lists a Secret twice (got "hub"; allowed each name once). Remove one of them.',
        {"images.pull_secrets": ["hub", "ghcr"]},
    ),
)
