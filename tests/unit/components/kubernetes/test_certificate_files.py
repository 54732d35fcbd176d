"""Certificates in the program's Pods: where they are mounted, and who may read them."""

from typing import Any

import pytest

from snapshot.program import record_program
from snapshot.recorder import Recorder
from tests.support.stacks import PLAINTEXT, as_config, sections

_ROLES = {"otel-agent": "otel-agent-tls", "otel-gateway": "otel-gateway-tls", "tempo-ingester": "tempo-tls"}


def _recorded(changes: dict[str, Any] | None = None) -> Recorder:
    return record_program(as_config(sections("prod", changes)), "prod")


def _pods(recorder: Recorder) -> dict[str, Any]:
    return {
        found.inputs["metadata"]["name"]: found.inputs["spec"]["template"]["spec"]
        for found in recorder.registrations
        if found.type.rpartition(":")[2] in {"DaemonSet", "Deployment", "StatefulSet"}
    }


def _certificates(pod: dict[str, Any]) -> list[Any]:
    return [volume for volume in pod.get("volumes", []) if volume["name"] == "certificates"]


@pytest.mark.parametrize(("workload", "secret"), _ROLES.items())
def test_a_pod_mounts_its_own_secret_alone_and_only_its_group_may_read_it(workload: str, secret: str) -> None:
    pod = _pods(_recorded())[workload]
    ((volume,), (container,)) = _certificates(pod), pod["containers"]
    named = {source["secret"]["name"] for source in volume["projected"]["sources"]}
    assert named - {"tempo-gossip-tls"} == {secret}
    assert volume["projected"]["defaultMode"] == 0o440
    assert pod["securityContext"]["fsGroup"] == pod["securityContext"]["runAsUser"]
    (mount,) = [mount for mount in container["volumeMounts"] if mount["name"] == "certificates"]
    assert mount == {"name": "certificates", "mountPath": "/etc/tls", "readOnly": True}


def test_every_process_that_speaks_tls_has_its_files() -> None:
    """Memcached speaks none."""
    without = {name for name, pod in _pods(_recorded()).items() if not _certificates(pod)}
    assert without == {"tempo-memcached"}


def test_plaintext_mounts_and_requests_nothing() -> None:
    recorder = _recorded(dict(PLAINTEXT))
    assert not [name for name, pod in _pods(recorder).items() if _certificates(pod)]
    assert not [found for found in recorder.registrations if found.type.endswith(":Certificate")]


def test_only_query_frontends_answer_grpc_on_their_http_port() -> None:
    answering = {
        name
        for name, pod in _pods(_recorded()).items()
        for variable in pod["containers"][0].get("env", [])
        if variable["name"] == "TEMPO_STREAM_OVER_HTTP" and variable["value"] == "true"
    }
    assert answering == {"tempo-query-frontend"}


def test_a_certificate_gets_a_new_key_at_each_renewal_and_names_its_issuer() -> None:
    found = {
        one.inputs["metadata"]["name"]: one.inputs["spec"]
        for one in _recorded().registrations
        if one.type == "kubernetes:cert-manager.io/v1:Certificate"
    }
    assert set(found) == {"otel-agent", "otel-gateway", "tempo", "tempo-gossip", "tracing-check"}
    for spec in found.values():
        assert spec["privateKey"]["rotationPolicy"] == "Always"
        assert spec["issuerRef"] == {
            "name": "fawkes-tracing",
            "kind": "ClusterIssuer",
            "group": "cert-manager.io",
        }
        assert set(spec["usages"]) >= {"server auth", "client auth"}
    assert found["otel-gateway"]["secretName"] == "otel-gateway-tls"
    assert found["otel-gateway"]["dnsNames"] == [
        "otel-gateway.fawkes-observability.svc",
        "otel-gateway.fawkes-observability.svc.cluster.local",
    ]


def test_prometheus_verifies_the_agents_whose_span_metrics_are_encrypted() -> None:
    (_, scraped) = _recorded({"tls.span_metrics": "tls"}).one("agent-monitor").inputs["spec"]["endpoints"]
    assert scraped["scheme"] == "https"
    assert scraped["tlsConfig"] == {
        "ca": {"secret": {"name": "otel-agent-tls", "key": "ca.crt"}},
        "serverName": "otel-agent.fawkes-observability.svc",
    }
    (_, plain) = _recorded().one("agent-monitor").inputs["spec"]["endpoints"]
    assert "scheme" not in plain


def test_applications_get_an_https_address_where_agents_speak_tls() -> None:
    registered = _recorded({"tls.applications": "tls"}).outputs.values()
    (agent, *_) = [outputs for outputs in registered if "otlp_grpc_endpoint" in outputs]
    assert agent["otlp_grpc_endpoint"] == "https://otel-agent.fawkes-observability.svc:4317"
    assert agent["otlp_http_endpoint"] == "https://otel-agent.fawkes-observability.svc:4318"
