"""What a stack may already say, but this release does not deploy."""

from collections.abc import Iterator

from settings.stack import StackSettings


def unsupported(settings: StackSettings) -> Iterator[str]:
    """Yield a sentence for each setting whose effect is still missing; an empty result is a whole stack."""
    if settings.object_store.kind == "aws_s3":
        yield "object_store.kind aws_s3: the bucket, its key and Tempo's identity are not created yet."
    if settings.tempo.deployment_mode == "microservices":
        yield "tempo.deployment_mode microservices: Tempo's workloads are not created yet."
    if settings.tls.otlp != "plaintext":
        yield f"tls.otlp {settings.tls.otlp}: OTLP is still plaintext."
    if settings.tenants.mode == "by_namespace":
        yield "tenants.mode by_namespace: the gateway does not write tenants yet."
    if settings.retention.long_term_hours is not None:
        yield "retention.long_term_hours: the long-term tier is not fed yet."
