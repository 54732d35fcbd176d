"""Checks of Tempo's version, shape and processes."""

from collections.abc import Iterator

from settings.problems import Problem, shown
from settings.stack import StackSettings

# 2.10 is the oldest line whose documented keys are rendered; of 3.x the keys of 3.0 are.
_OLDEST_MINOR = {2: 10, 3: 0}


def the_version_is_known(settings: StackSettings) -> Iterator[Problem]:
    """Each major has its own configuration keys, and Tempo refuses a key that it does not know."""
    tempo = settings.tempo
    if tempo.minor < _OLDEST_MINOR.get(tempo.major, tempo.minor + 1):
        yield Problem(
            "tempo.version",
            "is a version whose configuration this program cannot write",
            shown(tempo.version),
            "2.10.0 or a later 2.x, 3.0.0 or a later 3.x",
            "Choose one of these versions, here and in images.tempo.tag.",
        )


def tempo_image_has_the_configured_version(settings: StackSettings) -> Iterator[Problem]:
    """The version decides the configuration keys, so the image must be that version."""
    if settings.images.tempo.tag != settings.tempo.version:
        yield Problem(
            "images.tempo.tag",
            "differs from tempo.version, which decides the configuration that is written",
            shown(settings.images.tempo.tag),
            shown(settings.tempo.version),
            "Set both to the same version.",
        )


def the_mode_has_the_processes_it_needs(settings: StackSettings) -> Iterator[Problem]:
    """One monolith is one process; replication needs as many ingesters as copies.

    In 2.x a monolith's ring is in its own memory; in 3.x its scheduler must be the only one (Tempo's manual on
    deployment modes), so a second one would compact and delete behind the first one's back.
    """
    tempo = settings.tempo
    if tempo.deployment_mode == "monolithic" and tempo.ingesters != 1:
        yield Problem(
            "tempo.ingesters",
            "is more than one, which a monolithic Tempo does not support",
            shown(tempo.ingesters),
            "1",
            "Set it to 1, or set tempo.deployment_mode to microservices.",
        )
    # Of a Tempo 3 of microservices Kafka keeps the copies.
    if tempo.replication_factor > tempo.ingesters and not tempo.needs_kafka:
        yield Problem(
            "tempo.replication_factor",
            "asks for more copies than there are ingesters",
            shown(tempo.replication_factor),
            f"at most {tempo.ingesters}",
            "Add ingesters, or set it to 1.",
        )


def only_tempo_3_of_microservices_has_a_kafka(settings: StackSettings) -> Iterator[Problem]:
    """Its distributors write to Kafka and nothing else; every other shape has no use for one."""
    tempo = settings.tempo
    if tempo.needs_kafka != (tempo.kafka is not None):
        yield Problem(
            "tempo.kafka",
            f"does not fit tempo.version {shown(tempo.version)} with tempo.deployment_mode "
            f"{shown(tempo.deployment_mode)}",
            "a value" if tempo.kafka else "nothing",
            "an address" if tempo.needs_kafka else "nothing",
            "Add the address of a Kafka, or choose a 2.x version, or the monolithic mode."
            if tempo.needs_kafka
            else "Remove it.",
        )


def microservices_have_a_cache(settings: StackSettings) -> Iterator[Problem]:
    """Queriers read the same footers and bloom filters; without a cache each read is a request to the store."""
    if settings.tempo.deployment_mode == "microservices" and settings.images.memcached is None:
        yield Problem(
            "images.memcached",
            'is needed because tempo.deployment_mode is "microservices"',
            "nothing",
            "an image",
            "Add its repository and tag.",
        )


def limits_are_not_below_requests(settings: StackSettings) -> Iterator[Problem]:
    """Kubernetes refuses a Pod whose limit is below its request."""
    containers: dict[str, object] = {
        "tempo.resources": settings.tempo.resources,
        "collectors.agent.resources": settings.collectors.agent.resources,
        "collectors.gateway": settings.collectors.gateway,
    }
    if settings.object_store.minio:
        containers["object_store.minio.resources"] = settings.object_store.minio.resources
    for path, container in containers.items():
        for request, limit in (
            ("cpu_request_millicores", "cpu_limit_millicores"),
            ("memory_request_mib", "memory_limit_mib"),
        ):
            asked, most = getattr(container, request, None), getattr(container, limit, None)
            if asked is not None and most is not None and most < asked:
                yield Problem(
                    f"{path}.{limit}", f"is below {path}.{request}", shown(most), f"at least {asked}",
                    "Raise the limit or lower the request.",
                )  # fmt: skip
