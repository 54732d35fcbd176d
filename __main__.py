"""Load one stack's settings, compose its components, export its endpoints."""

import pulumi

from components.access.proxy import access_proxy
from components.certificates.certificates import stack_certificates
from components.collectors.collectors import collector_agent, collector_gateway
from components.configuration import load
from components.grafana.observability import observability
from components.kubernetes.field_manager import set_field_manager
from components.kubernetes.namespace import TracingNamespace, TracingNamespaceArgs
from components.kubernetes.provider import kubernetes_provider
from components.kubernetes.rollout_timeout import set_rollout_timeout
from components.network.policies import network_policies
from components.stack import Stack
from components.storage.trace_store import trace_store
from components.synthetic.synthetic_check import synthetic_check
from components.tempo.server import tempo_server
from render.files import render
from settings.without_effect import warnings_about

set_field_manager()
settings, plan = load()
set_rollout_timeout(settings.cluster.rollout_timeout_seconds)
for warning in warnings_about(settings):
    pulumi.log.warn(warning)

provider = kubernetes_provider(settings.cluster)
in_cluster = pulumi.ResourceOptions(providers=[provider])
namespace = TracingNamespace("tracing", TracingNamespaceArgs(environment=settings.environment), in_cluster).name
stack = Stack(
    kubernetes=provider, namespace=namespace, settings=settings, plan=plan, rendered=render(settings, plan)
)
# Before every Pod, so that none runs a moment without them.
stack = stack.after(network_policies("network", stack).default_deny)
# Before the Pods that wait for their Secrets: without cert-manager the update ends here.
stack = stack.after(*stack_certificates("certificates", stack))
store = trace_store("store", stack)
tempo = tempo_server("tempo", stack, store)
collector_gateway("gateway", stack)
agent = collector_agent("agent", stack)
synthetic_check("synthetic-check", stack)
access_proxy("access", stack)
observability("observability", stack)

pulumi.export("namespace", namespace)
pulumi.export("tempo_http_endpoint", tempo.http_endpoint)
pulumi.export("bucket", store.bucket)
pulumi.export("otlp_grpc_endpoint", agent.otlp_grpc_endpoint)
pulumi.export("otlp_http_endpoint", agent.otlp_http_endpoint)
