"""Settings that a stack file may set although this release does not implement them."""

from collections.abc import Iterator

from settings.problems import Problem, shown
from settings.stack import StackSettings

# Both wait for the Grafana datasources, which are not in this release.
_IGNORED_OF_GRAFANA = ("namespace", "logs_backend")


def warnings_about(settings: StackSettings) -> Iterator[str]:
    """Yield a sentence for each setting that does not have its effect yet."""
    yield from unsupported(settings)
    yield from ignored(settings)


def unsupported(settings: StackSettings) -> Iterator[str]:
    """Yield a sentence for each requirement that the deployed stack does not meet."""
    if settings.tls.otlp != "plaintext":
        yield str(
            Problem(
                "tls.otlp",
                "is not supported yet, so OTLP stays plaintext",
                shown(settings.tls.otlp),
                shown("plaintext"),
                "Set it to plaintext and remove tls.cluster_issuer.",
            )
        )


def ignored(settings: StackSettings) -> Iterator[str]:
    """Yield a sentence for each setting that is in the stack file and has no effect; nothing depends on it."""
    for name in _IGNORED_OF_GRAFANA:
        if name in settings.grafana.model_fields_set:
            yield str(
                Problem(
                    f"grafana.{name}",
                    "has no effect yet, because no Grafana datasource is deployed",
                    shown(getattr(settings.grafana, name)),
                    "nothing",
                    "Remove it.",
                )
            )
