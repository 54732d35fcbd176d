"""Checks of Tempo's version, deployment mode and processes."""

from collections.abc import Iterator

from settings.base import Resources
from settings.checks.presence import present_only_if, required_image
from settings.collectors import Gateway
from settings.problems import Problem, shown
from settings.stack import StackSettings

# By major version. 2.8 is the oldest 2.x that runs what is rendered, in the lab; for 3.x the keys of 3.0 are.
_OLDEST_MINOR = {2: 8, 3: 0}
# Before 2.10 one of Tempo's writes names no key, and the bucket refuses it: docs/adr/0009.
_OLDEST_MINOR_ON_AMAZON = {2: 10, 3: 0}


def the_version_is_supported(settings: StackSettings) -> Iterator[Problem]:
    """Each major has its own configuration keys, and Tempo refuses keys that it does not know."""
    tempo = settings.tempo
    oldest = _OLDEST_MINOR_ON_AMAZON if settings.object_store.kind == "aws_s3" else _OLDEST_MINOR
    if tempo.minor < oldest.get(tempo.major, tempo.minor + 1):
        yield Problem(
            "tempo.version",
            "has a configuration format that is not supported",
            shown(tempo.version),
            f"2.{oldest[2]}.0 or a later 2.x, 3.{oldest[3]}.0 or a later 3.x",
            "Set one of these versions, here and in images.tempo.tag.",
        )


def tempo_image_has_the_configured_version(settings: StackSettings) -> Iterator[Problem]:
    """The version selects the configuration keys, so the image must be of that version."""
    if settings.images.tempo.tag != settings.tempo.version:
        yield Problem(
            "images.tempo.tag",
            "differs from tempo.version, which selects the configuration format",
            shown(settings.images.tempo.tag),
            shown(settings.tempo.version),
            "Set both to the same version.",
        )


def processes_fit_the_mode(settings: StackSettings) -> Iterator[Problem]:
    """A monolith is a single process; replication needs as many ingesters as copies.

    In 2.x a monolith keeps its ring in memory; in 3.x its scheduler must be the only one (Tempo's manual on
    deployment modes), because a second one would compact and delete the same blocks.
    """
    tempo = settings.tempo
    if tempo.deployment_mode == "monolithic" and tempo.ingesters != 1:
        yield Problem(
            "tempo.ingesters",
            'is not supported by tempo.deployment_mode "monolithic", which is a single process',
            shown(tempo.ingesters),
            "1",
            "Set it to 1, or set tempo.deployment_mode to microservices.",
        )
    # In Tempo 3 microservices mode, Kafka keeps the copies.
    if tempo.replication_factor > tempo.ingesters and not tempo.needs_kafka:
        yield Problem(
            "tempo.replication_factor",
            "is more than tempo.ingesters",
            shown(tempo.replication_factor),
            f"at most {tempo.ingesters}",
            "Add ingesters, or set it to 1.",
        )


def only_tempo_3_microservices_use_kafka(settings: StackSettings) -> Iterator[Problem]:
    """In that mode distributors write to Kafka only; every other combination does not use it."""
    tempo = settings.tempo
    yield from present_only_if(
        tempo.needs_kafka,
        "tempo.kafka",
        tempo.kafka,
        by={"tempo.version": tempo.version, "tempo.deployment_mode": tempo.deployment_mode},
        wanted="the address of a Kafka broker",
    )


def microservices_have_a_cache(settings: StackSettings) -> Iterator[Problem]:
    """Queriers read the same footers and bloom filters; without a cache each read is a request to the store."""
    if settings.tempo.deployment_mode == "microservices":
        by = {"tempo.deployment_mode": settings.tempo.deployment_mode}
        yield from required_image("memcached", settings.images.memcached, by=by)


def zones_are_required_for_copies(settings: StackSettings) -> Iterator[Problem]:
    """Zones keep the copies of a trace apart; a single copy is lost with its zone either way."""
    tempo = settings.tempo
    if tempo.require_zones and tempo.replication_factor == 1:
        yield Problem(
            "tempo.require_zones",
            "has no effect with tempo.replication_factor 1, because there are no copies to keep apart",
            "true",
            "false",
            "Remove it, or set tempo.replication_factor to 3.",
        )


def limits_are_not_below_requests(settings: StackSettings) -> Iterator[Problem]:
    """Kubernetes refuses a Pod whose limit is below its request."""
    containers: dict[str, Resources | Gateway] = {
        "tempo.resources": settings.tempo.resources,
        "collectors.agent.resources": settings.collectors.agent.resources,
        "collectors.gateway": settings.collectors.gateway,
    }
    if settings.object_store.minio:
        containers["object_store.minio.resources"] = settings.object_store.minio.resources
    for path, container in containers.items():
        yield from _limit_below_request(
            path, "cpu_{}_millicores", container.cpu_request_millicores, container.cpu_limit_millicores
        )
        # A gateway's memory follows from the load.
        if isinstance(container, Resources):
            yield from _limit_below_request(
                path, "memory_{}_mib", container.memory_request_mib, container.memory_limit_mib
            )


def _limit_below_request(path: str, name: str, request: int, limit: int) -> Iterator[Problem]:
    if limit < request:
        yield Problem(
            f"{path}.{name.format('limit')}",
            f"is below {path}.{name.format('request')}",
            shown(limit),
            f"at least {request}",
            "Raise the limit or lower the request.",
        )
