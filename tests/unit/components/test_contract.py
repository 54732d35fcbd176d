"""The contract of every component, each built alone: its children, their parent, what callers may not pass on."""

from collections.abc import Callable

import pulumi
import pytest

from components.agent import CollectorAgent, CollectorAgentArgs
from components.bucket_setup import BucketSetup, BucketSetupArgs
from components.gateway import CollectorGateway, CollectorGatewayArgs
from components.minio import MinioStore, MinioStoreArgs
from components.namespace import TracingNamespace, TracingNamespaceArgs
from components.object_store import ObjectStore, ObjectStoreArgs
from components.store_keys import StoreKeys, StoreKeysArgs
from components.tempo import TempoMonolith, TempoMonolithArgs
from plan.plan import make_plan
from preview.program import record
from preview.recorder import Recorder
from tests.support.stacks import settings_of

DOJO = settings_of("dojo")
NAMESPACE = "tracing-tests"
Builder = Callable[[pulumi.ResourceOptions], pulumi.ComponentResource]


def agent(opts: pulumi.ResourceOptions) -> pulumi.ComponentResource:
    return CollectorAgent(
        "it",
        CollectorAgentArgs(
            namespace=NAMESPACE,
            environment=DOJO.environment,
            image="collector:1",
            settings=DOJO.collectors.agent,
            config="text of the agent",
        ),
        opts,
    )


def gateway(opts: pulumi.ResourceOptions) -> pulumi.ComponentResource:
    return CollectorGateway(
        "it",
        CollectorGatewayArgs(
            namespace=NAMESPACE,
            environment=DOJO.environment,
            image="collector:1",
            settings=DOJO.collectors.gateway,
            plan=make_plan(DOJO).gateway,
            config="text of the gateway",
        ),
        opts,
    )


def tempo(opts: pulumi.ResourceOptions) -> pulumi.ComponentResource:
    return TempoMonolith(
        "it",
        TempoMonolithArgs(
            namespace=NAMESPACE,
            environment=DOJO.environment,
            image="tempo:1",
            settings=DOJO.tempo,
            config="text of Tempo",
            keys_secret="tempo-keys",
        ),
        opts,
    )


def minio(opts: pulumi.ResourceOptions) -> pulumi.ComponentResource:
    assert DOJO.object_store.minio
    return MinioStore(
        "it",
        MinioStoreArgs(
            namespace=NAMESPACE,
            environment=DOJO.environment,
            image="minio:1",
            settings=DOJO.object_store.minio,
            abort_multipart_days=3,
        ),
        opts,
    )


def bucket_setup(opts: pulumi.ResourceOptions) -> pulumi.ComponentResource:
    return BucketSetup(
        "it",
        BucketSetupArgs(
            namespace=NAMESPACE,
            labels={"app": "it"},
            image="mc:1",
            files={"setup.sh": "true\n"},
            keys_secret="root-keys",
            tempo_keys_secret="tempo-keys",
        ),
        opts,
    )


def object_store(opts: pulumi.ResourceOptions) -> pulumi.ComponentResource:
    args = ObjectStoreArgs(namespace=NAMESPACE, settings=DOJO, setup_files={"setup.sh": "true\n"})
    return ObjectStore("it", args, opts)


def store_keys(opts: pulumi.ResourceOptions) -> pulumi.ComponentResource:
    return StoreKeys("it", StoreKeysArgs(namespace=NAMESPACE, labels={"app": "it"}), opts)


def namespace(opts: pulumi.ResourceOptions) -> pulumi.ComponentResource:
    return TracingNamespace("it", TracingNamespaceArgs(environment=DOJO.environment), opts)


BUILDERS: tuple[tuple[Builder, set[str]], ...] = (
    (agent, {"otlp_grpc_endpoint", "otlp_http_endpoint"}),
    (gateway, {"service_name"}),
    (tempo, {"http_endpoint", "otlp_endpoint"}),
    (minio, {"root_secret_name"}),
    (bucket_setup, {"job_name"}),
    (object_store, {"keys_secret"}),
    (store_keys, {"secret_name"}),
    (namespace, {"name"}),
)
every_component = pytest.mark.parametrize(
    ("build", "outputs"), BUILDERS, ids=[build.__name__ for build, _ in BUILDERS]
)


def alone(build: Builder, opts: pulumi.ResourceOptions | None = None) -> Recorder:
    """Record one component."""
    return record(lambda: build(opts or pulumi.ResourceOptions()), {}, "test")


@every_component
def test_a_component_registers_its_outputs(build: Builder, outputs: set[str]) -> None:
    recorder = alone(build)
    assert set(recorder.outputs[recorder.one("it").urn]) == outputs


@every_component
def test_every_child_belongs_to_its_component_and_is_named_after_it(build: Builder, outputs: set[str]) -> None:
    del outputs
    recorder = alone(build)
    by_urn = {found.urn: found for found in recorder.registrations}
    assert len(by_urn) > 1
    for child in recorder.registrations:
        if child.name != "it":
            parent = by_urn[child.parent]
            assert child.name.startswith(f"{parent.name}-")
            assert not parent.custom


@every_component
def test_a_callers_options_stay_with_the_component(build: Builder, outputs: set[str]) -> None:
    del outputs
    opts = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="before")], retain_on_delete=True)
    recorder = alone(build, opts)
    assert recorder.one("it").aliases == 1
    children = [found for found in recorder.registrations if found.name != "it"]
    assert [child.name for child in children if child.aliases or child.retain_on_delete] == []


@every_component
def test_everything_namespaced_is_in_the_namespace_it_was_given(build: Builder, outputs: set[str]) -> None:
    del outputs
    for found in alone(build).registrations:
        if found.type.startswith("kubernetes:") and found.type.rpartition(":")[2] not in CLUSTER_WIDE:
            assert found.inputs["metadata"]["namespace"] == NAMESPACE, found.name


CLUSTER_WIDE = {"Namespace", "ClusterRole", "ClusterRoleBinding"}
