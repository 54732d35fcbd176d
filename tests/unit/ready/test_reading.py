"""The facts as they are read: from an API server that answers as each test says, and from moto."""

import base64
import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
import yaml
from moto.server import ThreadedMotoServer

from ready.aws_facts import aws_facts
from ready.cluster_facts import cluster_facts
from ready.facts import (
    AwsFacts,
    ClusterFacts,
    NoCredentials,
    OidcProvider,
    Prometheus,
    Rollout,
    Sidecar,
    StorageClass,
    Unknown,
)
from tests.lab.conftest import ApiServer
from tests.unit.ready.good import ACCOUNT, BUCKET, needs

_REGION = "eu-west-1"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/deployer"


def silent(_: str) -> None:
    """Show no progress."""


def read(settings: dict[str, Any] | None = None) -> ClusterFacts:
    return cluster_facts(needs(settings), silent)


def of_account(settings: dict[str, Any] | None = None) -> AwsFacts:
    wanted = needs(settings)
    aws = wanted.settings.object_store.aws
    assert aws
    return aws_facts(wanted, aws, silent)


def serve(server: ApiServer, monkeypatch: pytest.MonkeyPatch, objects: dict[str, Any]) -> None:
    """Answer with these objects by path, a version, and 404 for everything else."""
    there = {"/version": {"major": "1", "minor": "33+"}} | objects

    def answer(_: str, path: str, __: bytes) -> tuple[int, bytes]:
        found = there.get(path.partition("?")[0])
        return (404, b'{"message": "not found"}') if found is None else (200, json.dumps(found).encode())

    server.answer = answer
    monkeypatch.setenv("KUBECONFIG", str(server.kubeconfig))


def refuse_prometheus(api_server: ApiServer, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    """Answer every request to Prometheus with this status."""
    serve(api_server, monkeypatch, {})
    usual = api_server.answer
    api_server.answer = lambda method, path, body: (
        (status, b'{"message": "no"}') if "/proxy/" in path else usual(method, path, body)
    )


def test_without_a_kubeconfig_every_fact_is_missing() -> None:
    found = read()
    assert isinstance(found.connection, Unknown)
    assert "No configuration found" in found.connection.why
    assert isinstance(found.nodes, Unknown)


@pytest.mark.parametrize("text", ["{", "[]", "clusters: 1", "contexts: [1]\ncurrent-context: x", "\x00"])
def test_a_kubeconfig_that_is_none_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    file = tmp_path / "config"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("KUBECONFIG", str(file))
    assert isinstance(read().connection, Unknown)


def test_a_context_that_is_not_there_is_said_with_those_that_are(
    api_server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(api_server.kubeconfig))
    found = read({"cluster": {"context": "prod"}}).connection
    assert isinstance(found, Unknown)
    assert found.why.endswith("has no context prod; it has here")


def test_a_credentials_program_that_fails_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client would go on as nobody, and the server's refusal would hide the reason."""
    program = {"apiVersion": "client.authentication.k8s.io/v1", "command": str(tmp_path / "aws-is-not-here")}
    user = {"exec": program | {"interactiveMode": "Never"}}
    document = {
        "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:1"}}],
        "users": [{"name": "u", "user": user}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "c",
    }
    (tmp_path / "config").write_text(json.dumps(document), encoding="utf-8")
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    found = read().connection
    assert isinstance(found, NoCredentials)
    assert "aws-is-not-here" in found.why


def test_the_kubeconfig_is_not_written_even_when_its_token_has_expired(
    api_server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client would renew the token and write the whole file anew, in a form of its own."""
    expired = base64.urlsafe_b64encode(json.dumps({"exp": 1}).encode()).decode().rstrip("=")
    token = f"e30.{expired}.x"
    settings = {"id-token": token, "refresh-token": "old", "client-id": "c", "client-secret": "s"}
    provider = {"name": "oidc", "config": settings | {"idp-issuer-url": api_server.url}}
    document = yaml.safe_load(api_server.kubeconfig.read_text(encoding="utf-8"))
    document["users"][0]["user"] = {"auth-provider": provider}
    file = api_server.folder / "oidc"
    file.write_text(json.dumps(document), encoding="utf-8")
    before = file.read_bytes()
    renewed = {"access_token": "a", "token_type": "Bearer", "id_token": token, "refresh_token": "new"}
    serve(
        api_server,
        monkeypatch,
        {
            "/.well-known/openid-configuration": {"token_endpoint": f"{api_server.url}/token"},
            "/token": renewed,
        },
    )
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("KUBECONFIG", str(file))
    assert read().version == (1, 33)
    assert ("POST", "/token") in {asked[:2] for asked in api_server.asked}
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (401, b'{"kind": "Status", "message": "Unauthorized"}', "401 Unauthorized"),
        (200, b"<html>", "not JSON"),
        (200, b"[]", "unexpected form"),
        (503, b"\x1b[31mno\n backend", "503 [31mno backend"),
        (404, b"", "not a Kubernetes API server"),
    ],
)
def test_a_server_that_refuses_or_is_another_is_said(
    api_server: ApiServer, monkeypatch: pytest.MonkeyPatch, status: int, body: bytes, said: str
) -> None:
    """Its words are shown without what would change a terminal."""
    api_server.answer = lambda *_: (status, body)
    monkeypatch.setenv("KUBECONFIG", str(api_server.kubeconfig))
    version = read().version
    assert isinstance(version, Unknown)
    assert said in version.why
    assert version.status == (status if status in {401, 503} else 0)


def test_a_server_that_is_down_is_said(api_server: ApiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    api_server.url = "http://127.0.0.1:1"
    monkeypatch.setenv("KUBECONFIG", str(api_server.kubeconfig))
    version = read().version
    assert isinstance(version, Unknown)
    assert "refused" in version.why


def test_an_empty_cluster_has_nothing_and_nothing_is_unknown(
    api_server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = {"status": {"allowed": True}}
    serve(api_server, monkeypatch, {"/apis/authorization.k8s.io/v1/selfsubjectaccessreviews": review})
    found = read()
    assert found.version == (1, 33)
    assert (found.namespace, found.agent, found.metrics_api) == (None, None, None)
    assert (found.nodes, found.storage_classes, found.refused) == ((), (), ())
    assert (found.kinds, found.sidecars) == (frozenset(), ())
    assert found.certificate_issuer is None


def test_nothing_is_asked_for_but_reads_and_reviews(
    api_server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It runs against production, with an administrator's credentials."""
    serve(api_server, monkeypatch, {})
    read()
    changing = {path for method, path, _ in api_server.asked if method != "GET"}
    assert changing == {"/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"}


def test_what_a_user_may_not_do_is_listed_and_the_roles_own_grants_are_asked_for(
    api_server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kubernetes lets nobody grant what they do not have."""
    serve(api_server, monkeypatch, {})
    usual = api_server.answer

    def answer(method: str, path: str, body: bytes) -> tuple[int, bytes]:
        if method == "GET":
            return usual(method, path, body)
        asked = json.loads(body)["spec"]["resourceAttributes"]
        refused = asked["resource"] in {"*", "secrets", "statefulsets"} or asked == {
            "verb": "watch",
            "group": "",
            "resource": "pods",
            "namespace": "",
        }
        return 201, json.dumps({"status": {"allowed": not refused}}).encode()

    api_server.answer = answer
    refused = read().refused
    assert not isinstance(refused, Unknown)
    assert "create statefulsets.apps in fawkes-observability" in refused
    assert "watch pods" in refused
    assert not any("deployments" in one for one in refused)


def test_a_user_who_may_not_ask_what_is_allowed_has_not_logged_in(
    api_server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An API server tells everybody its version, so nothing else would say it."""
    serve(api_server, monkeypatch, {})
    usual = api_server.answer
    api_server.answer = lambda method, path, body: (
        usual(method, path, body) if path == "/version" else (403, b'{"message": "anonymous"}')
    )
    assert read().refused == Unknown("403 anonymous", 403)


def test_objects_are_read_as_facts(api_server: ApiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    meta = {"name": "x"}
    node = {
        "metadata": {"name": "win", "labels": {"kubernetes.io/os": "windows", "topology.kubernetes.io/zone": "z"}},
        "spec": {"podCIDRs": ["10.0.0.0/24"], "taints": [{"key": "t", "effect": "NoSchedule"}]},
        "status": {
            "allocatable": {"cpu": "1900m", "memory": "1Gi"},
            "conditions": [{"type": "Ready", "status": "True"}],
        },
    }
    proxied = "/api/v1/namespaces/monitoring/services/prometheus-prometheus:9090/proxy/api/v1/status"
    serve(
        api_server,
        monkeypatch,
        {
            "/apis/storage.k8s.io/v1/storageclasses": {
                "items": [
                    {
                        "metadata": {
                            "name": "gp2",
                            "annotations": {"storageclass.beta.kubernetes.io/is-default-class": "true"},
                        },
                        "provisioner": "p",
                        "volumeBindingMode": "Immediate",
                    },
                    {"metadata": {"name": "gp3"}, "provisioner": "p", "parameters": {"encrypted": "true"}},
                ]
            },
            "/api/v1/nodes": {"items": [node]},
            "/apis/apps/v1/namespaces/kube-system/daemonsets/eks-pod-identity-agent": {
                "metadata": meta,
                "status": {"desiredNumberScheduled": 3, "numberReady": 2},
            },
            "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io": {
                "status": {"conditions": [{"type": "Available", "status": "False", "message": "no endpoints"}]}
            },
            f"{proxied}/flags": {"data": {"enable-feature": "exemplar-storage"}},
            f"{proxied}/runtimeinfo": {"data": {"storageRetention": "15d"}},
        },
    )
    found = read()
    assert found.storage_classes == (
        StorageClass(name="gp2", provisioner="p", default=True, expands=False, waits=False, encrypts=False),
        StorageClass(name="gp3", provisioner="p", expands=False, waits=False, encrypts=True),
    )
    assert not isinstance(found.nodes, Unknown)
    (read_node,) = found.nodes
    assert (read_node.system, read_node.zone, read_node.unusable) == ("windows", "z", "taint t")
    assert (float(read_node.room["cpu"]), int(read_node.room["memory"])) == (1.9, 2**30)
    assert found.agent == Rollout(desired=3, ready=2)
    assert found.metrics_api == "no endpoints"
    assert found.prometheus == Prometheus(flags={"enable-feature": "exemplar-storage"}, retention="15d")


def test_a_list_is_read_to_its_last_page(api_server: ApiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cluster may have thousands of nodes."""
    serve(api_server, monkeypatch, {})
    usual = api_server.answer

    def answer(method: str, path: str, body: bytes) -> tuple[int, bytes]:
        if not path.startswith("/apis/storage.k8s.io/v1/csidrivers"):
            return usual(method, path, body)
        last = "continue=a%2Bb%3D" in path
        item = {"metadata": {"name": "second" if last else "first"}}
        return 200, json.dumps({"metadata": {} if last else {"continue": "a+b="}, "items": [item]}).encode()

    api_server.answer = answer
    assert read().csi_drivers == frozenset({"first", "second"})


@pytest.mark.parametrize("name", ["servicemonitors", "prometheusrules"])
def test_service_monitors_are_a_definition_of_their_own(
    api_server: ApiServer, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    serve(api_server, monkeypatch, {"/apis/monitoring.coreos.com/v1": {"resources": [{"name": name}]}})
    assert read().kinds == frozenset({f"{name}.monitoring.coreos.com"})


_CONTAINERS = [
    {"name": "grafana"},
    {
        "name": "grafana-sc-datasources",
        "env": [
            {"name": "LABEL", "value": "grafana_datasource"},
            {"name": "FOLDER", "value": "/etc/grafana/provisioning/datasources"},
            {"name": "RESOURCE", "value": "both"},
            {"name": "REQ_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "grafana", "key": "admin-password"}}},
        ],
    },
    {
        "name": "grafana-sc-dashboard",
        "env": [
            {"name": "LABEL", "value": "grafana_dashboard"},
            {"name": "LABEL_VALUE", "value": "1"},
            {"name": "FOLDER", "value": "/var/lib/grafana/dashboards"},
            {"name": "NAMESPACE", "value": "ALL"},
        ],
    },
]


def test_a_sidecar_of_grafana_is_read_with_where_it_looks(
    api_server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the chart makes them: one without a namespace looks into its own."""
    deployment = {"spec": {"template": {"spec": {"containers": _CONTAINERS}}}}
    path = "/apis/apps/v1/namespaces/monitoring/deployments"
    serve(api_server, monkeypatch, {path: {"metadata": {}, "items": [deployment]}})
    own = Sidecar(label="grafana_datasource", value="", namespaces=frozenset({"monitoring"}), kinds="both")
    every = Sidecar(label="grafana_dashboard", value="1", namespaces=frozenset({"ALL"}), kinds="configmap")
    assert read().sidecars == (own, every)
    assert not own.collects("grafana_datasource", "fawkes-observability", "secret")
    assert every.collects("grafana_dashboard", "fawkes-observability", "configmap")
    assert not every.collects("grafana_dashboard", "fawkes-observability", "secret")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ({"conditions": [{"type": "Ready", "status": "True"}]}, ""),
        ({"conditions": [{"type": "Ready", "status": "False", "message": "no Secret"}]}, "no Secret"),
        ({}, "its state is not known yet"),
    ],
)
def test_an_issuer_is_read_with_its_state(
    api_server: ApiServer, monkeypatch: pytest.MonkeyPatch, status: dict[str, Any], state: str
) -> None:
    path = "/apis/cert-manager.io/v1/clusterissuers/fawkes-tracing"
    serve(api_server, monkeypatch, {path: {"metadata": {"name": "fawkes-tracing"}, "status": status}})
    assert read().certificate_issuer == state


def test_a_name_of_two_parts_that_is_no_service_may_be_a_host_elsewhere(
    api_server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(api_server, monkeypatch, {})
    found = read({"grafana.prometheus_url": "http://mimir.corp/prometheus"}).prometheus
    assert found == Unknown("mimir.corp is not a Service of this cluster")


def test_a_prometheus_outside_the_cluster_is_not_looked_at(
    api_server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(api_server, monkeypatch, {})
    found = read({"grafana.prometheus_url": "https://prometheus.example.com"}).prometheus
    assert isinstance(found, Unknown)
    assert "not a Service of this cluster" in found.why


@pytest.mark.parametrize(("status", "said"), [(404, "no such Service"), (503, "503 no")], ids=["absent", "down"])
def test_a_prometheus_that_does_not_answer_is_told_with_the_reason(
    api_server: ApiServer, monkeypatch: pytest.MonkeyPatch, status: int, said: str
) -> None:
    refuse_prometheus(api_server, monkeypatch, status)
    found = read().prometheus
    assert isinstance(found, Prometheus)
    assert said in found.silent


def test_a_prometheus_behind_a_service_without_pods_is_not_looked_at(
    api_server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The API server's proxy answers 503 for every address that is no Pod's, whether it is up or not."""
    service = "/api/v1/namespaces/monitoring/services/prometheus-prometheus"
    serve(api_server, monkeypatch, {service: {"spec": {"ports": [{"port": 9090}]}}})
    found = read().prometheus
    assert isinstance(found, Unknown)
    assert "leads elsewhere" in found.why


def test_a_prometheus_that_may_not_be_asked_is_unknown(
    api_server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_prometheus(api_server, monkeypatch, 403)
    found = read().prometheus
    assert isinstance(found, Unknown)
    assert "403" in found.why


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty account of moto's, on a port of its own."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("NO_PROXY", host)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    requests.post(f"http://{host}:{port}/moto-api/reset", timeout=10)
    yield
    server.stop()


def test_without_credentials_every_fact_of_the_account_is_missing() -> None:
    found = of_account()
    assert isinstance(found.caller, Unknown)
    assert "credentials" in found.caller.why
    assert isinstance(found.buckets, Unknown)


def test_a_profile_that_is_not_there_is_said() -> None:
    found = of_account({"object_store.aws.profile": "fawkes"}).caller
    assert isinstance(found, Unknown)
    assert "fawkes" in found.why


@pytest.mark.usefixtures("cloud")
def test_a_missing_credentials_program_of_a_profile_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Botocore lets the operating system's error through."""
    file = tmp_path / "aws"
    file.write_text("[profile sso]\ncredential_process = /no/such/program\n", encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    found = of_account({"object_store.aws.profile": "sso"}).caller
    assert isinstance(found, Unknown)
    assert "/no/such/program" in found.why


@pytest.mark.usefixtures("cloud")
def test_an_empty_account_has_neither_cluster_nor_buckets() -> None:
    found = of_account()
    assert not isinstance(found.caller, Unknown)
    assert found.caller.account == ACCOUNT
    assert found.region == "opt-in-not-required"
    assert found.cluster is None
    assert found.buckets == {BUCKET: "free", f"{BUCKET}-logs": "free"}
    # What moto does not serve is not taken for refused.
    assert isinstance(found.refused, Unknown)


@pytest.mark.usefixtures("cloud")
def test_a_region_that_does_not_exist_is_said_and_not_connected_to() -> None:
    """The settings refuse what they do not know; the account's own list is asked all the same."""
    wanted = needs()
    store = wanted.settings.object_store.model_copy(update={"region": "eu-west-9"})
    elsewhere = wanted.settings.model_copy(update={"object_store": store})
    assert store.aws
    found = aws_facts(dataclasses.replace(wanted, settings=elsewhere), store.aws, silent)
    assert found.region is None
    assert found.buckets == Unknown("there is no region eu-west-9")


@pytest.mark.usefixtures("cloud")
def test_own_buckets_and_the_cluster_are_found() -> None:
    where: Any = {"LocationConstraint": _REGION}
    boto3.client("s3", region_name=_REGION).create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
    boto3.client("eks", region_name=_REGION).create_cluster(
        name="fawkes-prod", roleArn=_ROLE, resourcesVpcConfig={"subnetIds": []}
    )
    found = of_account()
    assert found.buckets == {BUCKET: "own", f"{BUCKET}-logs": "free"}
    assert found.cluster is not None
    assert not isinstance(found.cluster, Unknown)
    assert found.cluster.status == "ACTIVE"
    assert found.cluster.endpoint.startswith("https://")


@pytest.mark.usefixtures("cloud")
def test_a_bucket_in_another_region_is_told() -> None:
    """The client follows the redirection, so the answer alone looks as if all were well."""
    where: Any = {"LocationConstraint": "eu-north-1"}
    boto3.client("s3", region_name="eu-north-1").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
    assert of_account().buckets == {BUCKET: "eu-north-1", f"{BUCKET}-logs": "free"}


@pytest.mark.usefixtures("cloud")
def test_the_assumed_role_is_whose_account_is_told() -> None:
    found = of_account({"object_store.aws.assume_role_arn": "arn:aws:iam::210987654321:role/deployer"})
    assert not isinstance(found.caller, Unknown)
    assert found.caller.account == "210987654321"
    assert ":assumed-role/deployer/" in found.caller.arn


@pytest.mark.usefixtures("cloud")
def test_the_oidc_provider_of_the_settings_is_found_or_not() -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.example.com"
    settings = {"object_store.aws.identity": "irsa", "object_store.aws.oidc_provider_arn": arn}
    assert of_account(settings).provider is None
    boto3.client("iam", region_name="us-east-1").create_open_id_connect_provider(
        Url="https://oidc.example.com", ThumbprintList=["0" * 40], ClientIDList=["sts.amazonaws.com"]
    )
    assert of_account(settings).provider == OidcProvider(
        url="oidc.example.com", audiences=frozenset({"sts.amazonaws.com"})
    )
