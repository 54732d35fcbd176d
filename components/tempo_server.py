"""Tempo in the shape that the settings name."""

import pulumi

from components.block_store import BlockStore
from components.stack import Stack
from components.tempo import TempoMonolith, TempoMonolithArgs
from components.tempo_microservices import TempoMicroservices, TempoMicroservicesArgs


def tempo_server(name: str, stack: Stack, store: BlockStore) -> TempoMonolith | TempoMicroservices:
    """Create Tempo as one process, or, where an image for its cache is named, as one workload a component."""
    settings, rendered = stack.settings, stack.rendered
    opts = pulumi.ResourceOptions(depends_on=store.ready)
    image, memcached = settings.images.tempo.reference(), settings.images.memcached
    if settings.tempo.deployment_mode == "monolithic" or memcached is None:
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
        memcached_image=memcached.reference(),
        workloads=stack.plan.tempo,
        replication_factor=settings.tempo.replication_factor,
        config=rendered.tempo,
        overrides=rendered.tempo_overrides,
        access=store.access,
        grafana=settings.grafana,
    )
    return TempoMicroservices(name, many, opts)
