"""What a stack may already say, but this release does not deploy."""

from collections.abc import Iterator

from settings.stack import StackSettings


def unsupported(settings: StackSettings) -> Iterator[str]:
    """Yield a sentence for each setting whose effect is still missing; an empty result is a whole stack."""
    if settings.tls.otlp != "plaintext":
        yield f"tls.otlp {settings.tls.otlp}: OTLP is still plaintext."
