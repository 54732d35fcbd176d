"""Settings of a stack file that others leave without effect."""

from collections.abc import Iterator

from settings.problems import Problem, shown
from settings.stack import StackSettings


def warnings_about(settings: StackSettings) -> Iterator[str]:
    """Yield a sentence for each setting in the stack file that others leave without effect."""
    if settings.grafana.url is not None and settings.alerts.delivery == "none":
        yield str(
            Problem(
                "grafana.url",
                'has no effect with alerts.delivery "none": only alerts link to Grafana by its address',
                shown(settings.grafana.url),
                "nothing",
                "Remove it, or deliver alerts.",
            )
        )
    tempo = settings.tempo
    if not tempo.traceql_metrics and not tempo.traceql_metrics_need_generators:
        yield str(
            Problem(
                "tempo.traceql_metrics",
                f"has no effect with tempo.version {shown(tempo.version)}, which always answers TraceQL metrics",
                "false",
                "true",
                "Remove it.",
            )
        )
    has_volumes = tempo.generators_write_blocks and tempo.deployment_mode == "microservices"
    if "generator_volume_size_gib" in tempo.model_fields_set and not has_volumes:
        yield str(
            Problem(
                "tempo.generator_volume_size_gib",
                "has no effect: metrics generators have volumes only in 2.x microservices mode with "
                "tempo.traceql_metrics",
                shown(tempo.generator_volume_size_gib),
                "nothing",
                "Remove it.",
            )
        )
