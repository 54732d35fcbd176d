"""The contract of every component, each built alone: its children, their parent, what callers may not pass on."""

from collections.abc import Callable
from typing import NamedTuple

import pulumi
import pytest

from components.agent import CollectorAgent, CollectorAgentArgs
from components.aws_store import AwsStore, AwsStoreArgs
from components.bucket_setup import BucketSetup, BucketSetupArgs
from components.gateway import CollectorGateway, CollectorGatewayArgs
from components.minio import MinioStore, MinioStoreArgs
from components.namespace import TracingNamespace, TracingNamespaceArgs
from components.object_store import ObjectStore, ObjectStoreArgs
from components.store_keys import StoreKeys, StoreKeysArgs
from components.tempo import TempoMonolith, TempoMonolithArgs
from components.tempo_access import StoreAccess
from components.tempo_microservices import TempoMicroservices, TempoMicroservicesArgs
from plan.plan import make_plan
from preview.program import record
from preview.recorder import Recorder, Registration
from render.lifecycle import lifecycle_rules
from tests.support.stacks import settings_of

DOJO = settings_of("dojo")
ENVIRONMENT = DOJO.environment
NAMESPACE = "tracing-tests"
CLUSTER_WIDE = {"Namespace", "ClusterRole", "ClusterRoleBinding"}
PROD = settings_of("prod")
assert DOJO.object_store.minio
assert PROD.object_store.aws


class Case(NamedTuple):
    """A component, what it is built from here, and the outputs that it promises."""

    component: Callable[..., pulumi.ComponentResource]
    args: object
    outputs: set[str]


CASES = (
    Case(
        CollectorAgent,
        CollectorAgentArgs(
            namespace=NAMESPACE,
            environment=ENVIRONMENT,
            image="collector:1",
            settings=DOJO.collectors.agent,
            config="text of the agent",
            grafana=DOJO.grafana,
        ),
        {"otlp_grpc_endpoint", "otlp_http_endpoint"},
    ),
    Case(
        CollectorGateway,
        CollectorGatewayArgs(
            namespace=NAMESPACE,
            environment=ENVIRONMENT,
            image="collector:1",
            settings=DOJO.collectors.gateway,
            plan=make_plan(DOJO).gateway,
            config="text of the gateway",
            grafana=DOJO.grafana,
        ),
        {"service_name"},
    ),
    Case(
        TempoMonolith,
        TempoMonolithArgs(
            namespace=NAMESPACE,
            environment=ENVIRONMENT,
            image="tempo:1",
            settings=DOJO.tempo,
            config="text of Tempo",
            overrides="",
            access=StoreAccess.by_keys("tempo-keys"),
            grafana=DOJO.grafana,
        ),
        {"http_endpoint", "otlp_endpoint"},
    ),
    Case(
        TempoMicroservices,
        TempoMicroservicesArgs(
            namespace=NAMESPACE,
            environment=ENVIRONMENT,
            image="tempo:1",
            memcached_image="memcached:1",
            workloads=make_plan(PROD).tempo,
            replication_factor=3,
            config="text of Tempo",
            overrides="text of the tenants",
            access=StoreAccess.by_identity("irsa arn:role", {}, "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d"),
            grafana=PROD.grafana,
        ),
        {"http_endpoint", "otlp_endpoint"},
    ),
    Case(
        AwsStore,
        AwsStoreArgs(
            namespace=NAMESPACE,
            environment=ENVIRONMENT,
            store=PROD.object_store,
            aws=PROD.object_store.aws,
            lifecycle=lifecycle_rules(PROD, make_plan(PROD)),
        ),
        {"bucket_name", "kms_key_arn", "role_arn"},
    ),
    Case(
        MinioStore,
        MinioStoreArgs(
            namespace=NAMESPACE,
            environment=ENVIRONMENT,
            image="minio:1",
            settings=DOJO.object_store.minio,
            abort_multipart_days=3,
        ),
        {"root_secret_name"},
    ),
    Case(
        BucketSetup,
        BucketSetupArgs(
            namespace=NAMESPACE,
            labels={"app": "it"},
            image="mc:1",
            files={"setup.sh": "true\n"},
            keys_secret="root-keys",
            tempo_keys_secret="tempo-keys",
        ),
        {"job_name"},
    ),
    Case(
        ObjectStore,
        ObjectStoreArgs(namespace=NAMESPACE, settings=DOJO, setup_files={"setup.sh": "true\n"}),
        {"keys_secret"},
    ),
    Case(StoreKeys, StoreKeysArgs(namespace=NAMESPACE, labels={"app": "it"}), {"secret_name"}),
    Case(TracingNamespace, TracingNamespaceArgs(environment=ENVIRONMENT), {"name"}),
)
every_component = pytest.mark.parametrize(
    "case", CASES, ids=[getattr(case.component, "__name__", "") for case in CASES]
)


def alone(case: Case, opts: pulumi.ResourceOptions | None = None) -> Recorder:
    """Record one component by itself, called `it`."""
    return record(lambda: case.component("it", case.args, opts), {}, "test")


def children(recorder: Recorder) -> list[Registration]:
    """Return what the component made, at any depth."""
    found = [one for one in recorder.registrations if one.name.startswith("it-")]
    assert found
    return found


@every_component
def test_a_component_registers_its_outputs(case: Case) -> None:
    recorder = alone(case)
    assert set(recorder.outputs[recorder.one("it").urn]) == case.outputs


@every_component
def test_every_child_belongs_to_its_component_and_is_named_after_it(case: Case) -> None:
    recorder = alone(case)
    by_urn = {found.urn: found for found in recorder.registrations}
    for child in children(recorder):
        parent = by_urn[child.parent]
        assert child.name.startswith(f"{parent.name}-")
        assert parent.type.startswith("fawkes:tracing:")


@every_component
def test_a_callers_options_stay_with_the_component(case: Case) -> None:
    opts = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="before")], retain_on_delete=True)
    recorder = alone(case, opts)
    # The Kubernetes SDK gives some kinds aliases of its own, for their earlier API versions.
    usual = {child.name: (child.aliases, child.retain_on_delete) for child in children(alone(case))}
    assert recorder.one("it").aliases == 1
    assert {child.name: (child.aliases, child.retain_on_delete) for child in children(recorder)} == usual


@every_component
def test_everything_namespaced_is_in_the_namespace_it_was_given(case: Case) -> None:
    for found in children(alone(case)):
        if found.type.startswith("kubernetes:") and found.type.rpartition(":")[2] not in CLUSTER_WIDE:
            assert found.inputs["metadata"]["namespace"] == NAMESPACE, found.name
