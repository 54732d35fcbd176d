"""Load one stack's settings, compose its components, export where things are."""

import pulumi

from components.collectors.agent import CollectorAgent, CollectorAgentArgs
from components.collectors.gateway import CollectorGateway, CollectorGatewayArgs
from components.configuration import load
from components.kubernetes.field_manager import apply_under_one_name
from components.kubernetes.namespace import TracingNamespace, TracingNamespaceArgs
from components.stack import Stack
from components.storage.block_store import block_store
from components.tempo.server import tempo_server
from render.files import render
from settings.not_yet import unsupported

apply_under_one_name()
settings, plan = load()
for gap in unsupported(settings):
    pulumi.log.warn(gap)

rendered = render(settings, plan)
environment, collector_image = settings.environment, settings.images.collector.reference()
namespace = TracingNamespace("tracing", TracingNamespaceArgs(environment=environment)).name

stack = Stack(namespace=namespace, settings=settings, plan=plan, rendered=rendered)
store = block_store("store", stack)
tempo = tempo_server("tempo", stack, store)

gateway_args = CollectorGatewayArgs(
    namespace=namespace,
    environment=environment,
    image=collector_image,
    settings=settings.collectors.gateway,
    plan=plan.gateway,
    config=rendered.gateway,
    grafana=settings.grafana,
)
CollectorGateway("gateway", gateway_args)

agent_args = CollectorAgentArgs(
    namespace=namespace,
    environment=environment,
    image=collector_image,
    settings=settings.collectors.agent,
    config=rendered.agent,
    grafana=settings.grafana,
)
agent = CollectorAgent("agent", agent_args)

pulumi.export("namespace", namespace)
pulumi.export("tempo_http_endpoint", tempo.http_endpoint)
pulumi.export("bucket", settings.object_store.bucket)
pulumi.export("otlp_grpc_endpoint", agent.otlp_grpc_endpoint)
pulumi.export("otlp_http_endpoint", agent.otlp_http_endpoint)
