"""Tempo in the shape that the settings name."""

import pulumi

from components.configuration import image_setting
from components.stack import Stack
from components.storage.block_store import BlockStore
from components.tempo.microservices import TempoMicroservices, TempoMicroservicesArgs
from components.tempo.monolith import TempoMonolith, TempoMonolithArgs


def tempo_server(name: str, stack: Stack, store: BlockStore) -> TempoMonolith | TempoMicroservices:
    """Create Tempo as one process, whatever cache is named, or as one workload a component with its cache."""
    settings, rendered = stack.settings, stack.rendered
    opts = pulumi.ResourceOptions(depends_on=store.ready)
    image = settings.images.tempo.reference()
    if settings.tempo.deployment_mode == "monolithic":
        alone = TempoMonolithArgs(
            namespace=stack.namespace,
            environment=settings.environment,
            image=image,
            settings=settings.tempo,
            config=rendered.tempo,
            overrides=rendered.tempo_overrides,
            access=store.access,
            grafana=settings.grafana,
        )
        return TempoMonolith(name, alone, opts)
    many = TempoMicroservicesArgs(
        namespace=stack.namespace,
        environment=settings.environment,
        image=image,
        memcached_image=image_setting("memcached", settings.images.memcached),
        workloads=stack.plan.tempo,
        replication_factor=settings.tempo.replication_factor,
        config=rendered.tempo,
        overrides=rendered.tempo_overrides,
        access=store.access,
        grafana=settings.grafana,
    )
    return TempoMicroservices(name, many, opts)
