"""The collectors of a stack."""

from components.collectors.agent import CollectorAgent, CollectorAgentArgs
from components.collectors.gateway import CollectorGateway, CollectorGatewayArgs
from components.stack import Stack
from render.certificates import secret_files, span_metrics_authority


def collector_gateway(name: str, stack: Stack) -> CollectorGateway:
    """Create the gateways."""
    settings = stack.settings
    args = CollectorGatewayArgs(
        context=stack.context,
        image=settings.images.collector.reference(settings.images.mirror),
        settings=settings.collectors.gateway,
        plan=stack.plan.gateway,
        config=stack.rendered.gateway,
        certificates=secret_files(settings, "gateway"),
    )
    return CollectorGateway(name, args, stack.options())


def collector_agent(name: str, stack: Stack) -> CollectorAgent:
    """Create the agents."""
    settings = stack.settings
    args = CollectorAgentArgs(
        context=stack.context,
        image=settings.images.collector.reference(settings.images.mirror),
        settings=settings.collectors.agent,
        span_metrics=settings.span_metrics,
        config=stack.rendered.agent,
        encrypted=settings.tls.applications != "plaintext",
        span_metrics_authority=span_metrics_authority(settings),
        certificates=secret_files(settings, "agent"),
    )
    return CollectorAgent(name, args, stack.options())
