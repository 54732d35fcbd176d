"""Every component of the program, with the arguments that tests build it from and its outputs."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pulumi

from components.access.proxy import AccessProxy, AccessProxyArgs
from components.certificates.certificates import Certificates, CertificatesArgs
from components.collectors.agent import CollectorAgent, CollectorAgentArgs
from components.collectors.gateway import CollectorGateway, CollectorGatewayArgs
from components.context import Context
from components.grafana.dashboards import Dashboards, DashboardsArgs
from components.grafana.datasources import Datasources, DatasourcesArgs
from components.grafana.managed_alerts import ManagedAlerts, ManagedAlertsArgs
from components.grafana.operator_dashboards import OperatorDashboards, OperatorDashboardsArgs
from components.grafana.operator_datasources import OperatorDatasources, OperatorDatasourcesArgs
from components.grafana.prometheus_rules import PrometheusRules, PrometheusRulesArgs
from components.kubernetes.namespace import TracingNamespace, TracingNamespaceArgs
from components.kubernetes.provider import kubernetes_provider
from components.network.policies import NetworkPolicies, NetworkPoliciesArgs
from components.stack import Stack
from components.storage.access import StoreAccess
from components.storage.access_logs import AccessLogs, AccessLogsArgs
from components.storage.aws_store import AwsStore, AwsStoreArgs
from components.storage.bucket_setup import BucketSetup, BucketSetupArgs
from components.storage.minio import MinioStore, MinioStoreArgs
from components.storage.object_store import ObjectStore, ObjectStoreArgs
from components.storage.store_keys import StoreKeys, StoreKeysArgs
from components.storage.tempo_identity import TempoIdentity, TempoIdentityArgs
from components.storage.trace_bucket import TraceBucket, TraceBucketArgs
from components.storage.trace_key import TraceKey, TraceKeyArgs
from components.synthetic.synthetic_check import SyntheticCheck, SyntheticCheckArgs
from components.tempo.memcached import Memcached, MemcachedArgs
from components.tempo.microservices import TempoMicroservices, TempoMicroservicesArgs
from components.tempo.monolith import TempoMonolith, TempoMonolithArgs
from components.tempo.pod import TempoPodArgs
from components.tempo.process import TempoConfigMaps, TempoFiles
from components.tempo.workload import TempoWorkloadSet, TempoWorkloadSetArgs
from plan.plan import make_plan
from render.certificates import certificates
from render.files import render
from render.grafana.datasources import datasources
from render.network.table import edges
from render.storage.iam import tempo_policy, trace_bucket_policy
from render.storage.lifecycle import access_log_rules, lifecycle_rules
from settings.stack import StackSettings
from snapshot.recorder import autoname
from tests.support.stacks import settings_of
from tests.support.tempo_workloads import TEMPO_2

DOJO = settings_of("dojo")
ENVIRONMENT = DOJO.environment
NAMESPACE = "tracing-tests"
PROD = settings_of("prod")
assert DOJO.object_store.minio
assert PROD.object_store.aws
ISSUER = PROD.tls.issuer
assert ISSUER
# The recorder's answers; the account is the example of AWS's documentation.
ACCOUNT = "123456789012"
KEY_ARN = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/0a1b2c3d"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/role-0a1b2c3d"


def context_of(settings: StackSettings) -> Context:
    """Return the context that all components of a stack share, in the tests' namespace."""
    return Context(
        namespace=NAMESPACE,
        environment=settings.environment,
        grafana=settings.grafana,
        cluster=settings.cluster,
        pull_secrets=settings.images.pull_secrets,
    )


def stack_of(settings: StackSettings) -> Stack:
    """Return a stack with its plan and rendered configuration, in the tests' namespace."""
    plan = make_plan(settings)
    return Stack(
        kubernetes=kubernetes_provider(settings.cluster),
        namespace=NAMESPACE,
        settings=settings,
        plan=plan,
        rendered=render(settings, plan),
    )


class Case(NamedTuple):
    """A component, the arguments that tests build it from, and its outputs under the name `it`."""

    component: type[pulumi.ComponentResource]
    args: Any
    outputs: Mapping[str, object]

    def build(self, opts: pulumi.ResourceOptions | None = None) -> pulumi.ComponentResource:
        """Create it under the name `it`."""
        create: Callable[..., pulumi.ComponentResource] = self.component
        return create("it", self.args, opts)


CASES = (
    Case(
        CollectorAgent,
        CollectorAgentArgs(
            context=context_of(DOJO),
            image="collector:1",
            settings=DOJO.collectors.agent,
            span_metrics=DOJO.span_metrics,
            config="agent config",
        ),
        {
            "otlp_grpc_endpoint": "http://otel-agent.tracing-tests.svc:4317",
            "otlp_http_endpoint": "http://otel-agent.tracing-tests.svc:4318",
        },
    ),
    Case(
        AccessProxy,
        AccessProxyArgs(
            context=context_of(PROD),
            caddy_image="caddy:1",
            oauth2_proxy_image="oauth2-proxy:1",
            replicas=2,
            caddyfile="file",
            flags=["--provider=oidc"],
            ports={"detailed": 8080},
        ),
        {"service_name": "access-proxy"},
    ),
    Case(
        Certificates,
        CertificatesArgs(context=context_of(PROD), certificates=certificates(PROD), issuer=ISSUER),
        {},
    ),
    Case(Dashboards, DashboardsArgs(context=context_of(DOJO), files={"dashboard-one.json": "{}"}), {}),
    Case(Datasources, DatasourcesArgs(context=context_of(DOJO), file="apiVersion: 1\n"), {}),
    Case(
        OperatorDashboards,
        OperatorDashboardsArgs(context=context_of(DOJO), files={"dashboard-one.json": "{}"}),
        {},
    ),
    Case(
        OperatorDatasources,
        OperatorDatasourcesArgs(context=context_of(PROD), datasources=datasources(PROD)),
        {},
    ),
    Case(ManagedAlerts, ManagedAlertsArgs(context=context_of(DOJO), file="apiVersion: 1"), {}),
    Case(
        PrometheusRules,
        PrometheusRulesArgs(context=context_of(PROD), files={"rules-tracing-one.yaml": "groups: []"}),
        {},
    ),
    Case(
        CollectorGateway,
        CollectorGatewayArgs(
            context=context_of(DOJO),
            image="collector:1",
            settings=DOJO.collectors.gateway,
            plan=make_plan(DOJO).gateway,
            config="gateway config",
        ),
        {"service_name": "otel-gateway"},
    ),
    Case(
        SyntheticCheck,
        SyntheticCheckArgs(
            context=context_of(DOJO), image="python:1", files={"__main__.py": "", "check.json": "{}"}
        ),
        {"service_name": "tracing-check"},
    ),
    Case(
        TempoMonolith,
        TempoMonolithArgs(
            context=context_of(DOJO),
            image="tempo:1",
            settings=DOJO.tempo,
            files=TempoFiles(config="Tempo config", overrides="overrides"),
            access=StoreAccess.by_credentials("tempo-keys"),
        ),
        {"http_endpoint": "http://tempo.tracing-tests.svc:3200", "otlp_endpoint": "tempo.tracing-tests.svc:4317"},
    ),
    Case(
        TempoMicroservices,
        TempoMicroservicesArgs(
            context=context_of(PROD),
            image="tempo:1",
            memcached_image="memcached:1",
            workloads=make_plan(PROD).tempo,
            replication_factor=3,
            require_zones=False,
            files=TempoFiles(config="Tempo config", overrides="overrides"),
            access=StoreAccess.by_identity("irsa arn:role", {}, "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d"),
        ),
        {
            "http_endpoint": "http://tempo-query-frontend.tracing-tests.svc:3200",
            "otlp_endpoint": "tempo-distributor.tracing-tests.svc:4317",
        },
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
        {"bucket_name": PROD.object_store.bucket, "kms_key_arn": KEY_ARN, "role_arn": ROLE_ARN},
    ),
    Case(
        MinioStore,
        MinioStoreArgs(
            context=context_of(DOJO),
            image="minio:1",
            settings=DOJO.object_store.minio,
            abort_multipart_days=3,
        ),
        {"root_secret_name": autoname("it-root-secret")},
    ),
    Case(
        BucketSetup,
        BucketSetupArgs(
            context=context_of(DOJO),
            component="it",
            image="mc:1",
            files={"setup.sh": "true\n"},
            admin_secret="root-keys",
            tempo_secret="tempo-keys",
        ),
        {"job_name": autoname("it-job")},
    ),
    Case(
        ObjectStore,
        ObjectStoreArgs(context=context_of(DOJO), settings=DOJO, setup_files={"setup.sh": "true\n"}),
        {"keys_secret": autoname("it-tempo-secret")},
    ),
    Case(
        StoreKeys, StoreKeysArgs(context=context_of(DOJO), component="it"), {"secret_name": autoname("it-secret")}
    ),
    Case(TracingNamespace, TracingNamespaceArgs(environment=ENVIRONMENT), {"name": ENVIRONMENT.namespace}),
    Case(
        NetworkPolicies,
        NetworkPoliciesArgs(context=context_of(PROD), edges=edges(PROD, make_plan(PROD))),
        {"default_deny_name": "default-deny"},
    ),
    Case(
        Memcached,
        MemcachedArgs(
            context=context_of(DOJO),
            image="memcached:1",
            replicas=3,
            service_account="tempo-compute",
        ),
        {"host": "tempo-memcached.tracing-tests.svc"},
    ),
    Case(
        TempoWorkloadSet,
        TempoWorkloadSetArgs(
            context=context_of(PROD),
            pod=TempoPodArgs(
                image="tempo:1",
                workload=TEMPO_2[0],
                replication_factor=3,
                require_zones=False,
                config_maps=TempoConfigMaps(config="config", overrides="overrides"),
                service_account="tempo-compute",
                access=StoreAccess.by_credentials("tempo-keys"),
            ),
            config_checksum="checksum",
        ),
        {"host": "tempo-distributor.tracing-tests.svc"},
    ),
    Case(
        TraceKey,
        TraceKeyArgs(
            environment=ENVIRONMENT,
            alias="traces",
            account_arn=f"arn:aws:iam::{ACCOUNT}:root",
            deletion_window_days=7,
        ),
        {"arn": KEY_ARN},
    ),
    Case(
        AccessLogs,
        AccessLogsArgs(
            environment=ENVIRONMENT,
            bucket="traces",
            account_id=ACCOUNT,
            partition="aws",
            lifecycle=access_log_rules(PROD.object_store, PROD.object_store.aws),
        ),
        {"bucket_name": "traces-logs"},
    ),
    Case(
        TraceBucket,
        TraceBucketArgs(
            environment=ENVIRONMENT,
            store=PROD.object_store,
            aws=PROD.object_store.aws,
            account_id=ACCOUNT,
            partition="aws",
            lifecycle=lifecycle_rules(PROD, make_plan(PROD)),
        ),
        {
            "bucket_name": PROD.object_store.bucket,
            "kms_key_arn": KEY_ARN,
            "documents": {
                "it-policy": json.dumps(
                    trace_bucket_policy(f"arn:aws:s3:::{PROD.object_store.bucket}", "${kms_key_arn}")
                )
            },
        },
    ),
    Case(
        TempoIdentity,
        TempoIdentityArgs(
            namespace=NAMESPACE,
            service_account="tempo",
            settings=PROD.object_store.aws,
            region="eu-west-1",
            account_id=ACCOUNT,
            partition="aws",
            bucket_arn="arn:aws:s3:::traces",
            kms_key_arn=KEY_ARN,
        ),
        {
            "role_arn": ROLE_ARN,
            "kms_key_arn": KEY_ARN,
            "documents": {
                "it-permissions": json.dumps(tempo_policy("arn:aws:s3:::traces", "${kms_key_arn}", "eu-west-1"))
            },
        },
    ),
)
