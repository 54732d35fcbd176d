"""Tempo in the deployment mode of the settings."""

from components.configuration import image_setting
from components.stack import Stack
from components.storage.trace_store import TraceStore
from components.tempo.microservices import TempoMicroservices, TempoMicroservicesArgs
from components.tempo.monolith import TempoMonolith, TempoMonolithArgs
from components.tempo.process import TempoFiles
from render.certificates import secret_files


def tempo_server(name: str, stack: Stack, store: TraceStore) -> TempoMonolith | TempoMicroservices:
    """Create Tempo once the bucket is ready: as one process, which uses no cache, or in microservices mode."""
    settings = stack.settings
    opts = stack.options(depends_on=store.ready)
    image = settings.images.tempo.reference(settings.images.mirror)
    files = TempoFiles(
        config=stack.rendered.tempo,
        overrides=stack.rendered.tempo_overrides,
        certificates=secret_files(settings, "tempo"),
    )
    if settings.tempo.deployment_mode == "monolithic":
        monolith = TempoMonolithArgs(
            context=stack.context, image=image, settings=settings.tempo, files=files, access=store.access
        )
        return TempoMonolith(name, monolith, opts)
    microservices = TempoMicroservicesArgs(
        context=stack.context,
        image=image,
        memcached_image=image_setting("memcached", settings.images.memcached, settings.images.mirror),
        workloads=stack.plan.tempo,
        replication_factor=settings.tempo.replication_factor,
        require_zones=settings.tempo.require_zones,
        files=files,
        access=store.access,
    )
    return TempoMicroservices(name, microservices, opts)
