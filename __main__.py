"""Load one stack's settings, compose its components, export where things are."""

import pulumi

from components.agent import CollectorAgent, CollectorAgentArgs
from components.configuration import load_settings, refused
from components.gateway import CollectorGateway, CollectorGatewayArgs
from components.namespace import TracingNamespace, TracingNamespaceArgs
from components.object_store import ObjectStore, ObjectStoreArgs
from components.tempo import TempoMonolith, TempoMonolithArgs
from plan.limits import checked_plan
from render.files import render
from settings.problems import SettingsError
from settings.support import unsupported

settings = load_settings()
try:
    plan = checked_plan(settings)
except SettingsError as error:
    raise refused(error) from None
for gap in unsupported(settings):
    pulumi.log.warn(gap)

rendered = render(settings, plan)
environment, images = settings.environment, settings.images
namespace = TracingNamespace("tracing", TracingNamespaceArgs(environment=environment)).name

if settings.object_store.kind != "aws_s3":
    store = ObjectStore(
        "store",
        ObjectStoreArgs(namespace=namespace, settings=settings, setup_files=rendered.bucket_setup),
    )
    if settings.tempo.deployment_mode == "monolithic":
        tempo = TempoMonolith(
            "tempo",
            TempoMonolithArgs(
                namespace=namespace,
                environment=environment,
                image=images.tempo.reference(),
                settings=settings.tempo,
                config=rendered.tempo,
                keys_secret=store.keys_secret,
            ),
            pulumi.ResourceOptions(depends_on=store.ready),
        )
        pulumi.export("tempo_http_endpoint", tempo.http_endpoint)

gateway = CollectorGateway(
    "gateway",
    CollectorGatewayArgs(
        namespace=namespace,
        environment=environment,
        image=images.collector.reference(),
        settings=settings.collectors.gateway,
        plan=plan.gateway,
        config=rendered.gateway,
    ),
)
agent = CollectorAgent(
    "agent",
    CollectorAgentArgs(
        namespace=namespace,
        environment=environment,
        image=images.collector.reference(),
        settings=settings.collectors.agent,
        config=rendered.agent,
    ),
)

pulumi.export("namespace", namespace)
pulumi.export("bucket", settings.object_store.bucket)
pulumi.export("otlp_grpc_endpoint", agent.otlp_grpc_endpoint)
pulumi.export("otlp_http_endpoint", agent.otlp_http_endpoint)
