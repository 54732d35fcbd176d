"""Load one stack's settings, compose its components, export where things are."""

import pulumi

from components.agent import CollectorAgent, CollectorAgentArgs
from components.configuration import load
from components.gateway import CollectorGateway, CollectorGatewayArgs
from components.namespace import TracingNamespace, TracingNamespaceArgs
from components.object_store import ObjectStore, ObjectStoreArgs
from components.tempo import TempoMonolith, TempoMonolithArgs
from render.files import render
from settings.support import unsupported

settings, plan = load()
for gap in unsupported(settings):
    pulumi.log.warn(gap)

rendered = render(settings, plan)
environment, collector_image = settings.environment, settings.images.collector.reference()
namespace = TracingNamespace("tracing", TracingNamespaceArgs(environment=environment)).name

if settings.object_store.kind != "aws_s3":
    store_args = ObjectStoreArgs(namespace=namespace, settings=settings, setup_files=rendered.bucket_setup)
    store = ObjectStore("store", store_args)
    if settings.tempo.deployment_mode == "monolithic":
        tempo_args = TempoMonolithArgs(
            namespace=namespace,
            environment=environment,
            image=settings.images.tempo.reference(),
            settings=settings.tempo,
            config=rendered.tempo,
            keys_secret=store.keys_secret,
        )
        tempo = TempoMonolith("tempo", tempo_args, pulumi.ResourceOptions(depends_on=store.ready))
        pulumi.export("tempo_http_endpoint", tempo.http_endpoint)

gateway_args = CollectorGatewayArgs(
    namespace=namespace,
    environment=environment,
    image=collector_image,
    settings=settings.collectors.gateway,
    plan=plan.gateway,
    config=rendered.gateway,
)
CollectorGateway("gateway", gateway_args)

agent_args = CollectorAgentArgs(
    namespace=namespace,
    environment=environment,
    image=collector_image,
    settings=settings.collectors.agent,
    config=rendered.agent,
)
agent = CollectorAgent("agent", agent_args)

pulumi.export("namespace", namespace)
pulumi.export("bucket", settings.object_store.bucket)
pulumi.export("otlp_grpc_endpoint", agent.otlp_grpc_endpoint)
pulumi.export("otlp_http_endpoint", agent.otlp_http_endpoint)
