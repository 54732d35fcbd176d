"""Tempo's role: which Pods may assume it, what it allows, and that no long-lived credentials exist."""

import functools
import json
from typing import Any

import pulumi
import pytest

from components.storage.identity_token import IdentityToken
from components.storage.tempo_identity import TempoIdentity, TempoIdentityArgs
from settings.object_store import Aws
from snapshot.program import record, record_program
from snapshot.recorder import Recorder, autoname
from tests.support.iam import Decision, Request, decide
from tests.support.programs import SERVERS, workloads
from tests.support.stacks import as_config, sections

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/0A1B"
POD_IDENTITY = Aws(identity="pod_identity", eks_cluster="fawkes-prod")
IRSA = Aws(
    identity="irsa",
    eks_cluster="fawkes-prod",
    oidc_provider_arn=f"arn:aws:iam::123456789012:oidc-provider/{ISSUER}",
)
POD = {
    "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:123456789012:cluster/fawkes-prod",
    "aws:RequestTag/kubernetes-namespace": "tracing-tests",
    "aws:RequestTag/kubernetes-service-account": "tempo",
}
TOKEN = {f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": "system:serviceaccount:tracing-tests:tempo"}


def identity(settings: Aws) -> tuple[Recorder, dict[str, Any]]:
    """Record an identity; return it with the annotations that it requires of the service account."""
    annotations: dict[str, Any] = {}

    def make() -> None:
        args = TempoIdentityArgs(
            namespace=pulumi.Output.from_input("tracing-tests"),
            service_account="tempo",
            settings=settings,
            region="eu-west-1",
            account_id="123456789012",
            partition="aws",
            bucket_arn="arn:aws:s3:::traces",
            kms_key_arn=KEY,
        )
        made = TempoIdentity("identity", args)
        pulumi.Output.all(**made.service_account_annotations).apply(annotations.update)

    return record(make, {}, "test"), annotations


@functools.cache
def with_pod_identity() -> tuple[Recorder, dict[str, Any]]:
    return identity(POD_IDENTITY)


@functools.cache
def with_irsa() -> tuple[Recorder, dict[str, Any]]:
    return identity(IRSA)


def role_arn(recorder: Recorder) -> str:
    """Return the ARN that the recorder gives the role."""
    arn = recorder.outputs[recorder.one("identity").urn]["role_arn"]
    assert arn.startswith("arn:aws:iam::")
    return str(arn)


def trust(recorder: Recorder) -> dict[str, Any]:
    """Return the role's trust policy."""
    return dict(json.loads(recorder.one("identity-role").inputs["assumeRolePolicy"]))


def test_pod_identity_ties_the_role_to_one_service_account_of_the_cluster() -> None:
    recorder, annotations = with_pod_identity()
    assert recorder.one("identity-association").inputs == {
        "clusterName": "fawkes-prod",
        "namespace": "tracing-tests",
        "serviceAccount": "tempo",
        "roleArn": role_arn(recorder),
    }
    assert annotations == {}
    request = Request(action="sts:TagSession", principal=("Service", "pods.eks.amazonaws.com"), context=POD)
    assert decide(request, resource=[trust(recorder)]) is Decision.ALLOW


def test_irsa_ties_the_role_to_one_service_account_by_its_token() -> None:
    recorder, annotations = with_irsa()
    assert not recorder.of_type("PodIdentityAssociation")
    assert annotations == {"eks.amazonaws.com/role-arn": role_arn(recorder)}
    request = Request(
        action="sts:AssumeRoleWithWebIdentity",
        principal=("Federated", str(IRSA.oidc_provider_arn)),
        context=TOKEN,
    )
    assert decide(request, resource=[trust(recorder)]) is Decision.ALLOW


@pytest.mark.parametrize("recorded", [with_pod_identity, with_irsa])
def test_the_role_may_use_the_bucket_that_was_wired_and_its_key(recorded: Any) -> None:
    """The registered policy contains the real ARNs; the rendering tests use examples."""
    recorder, _ = recorded()
    policy = json.loads(recorder.one("identity-permissions").inputs["policy"])
    read = Request(action="s3:GetObject", resource="arn:aws:s3:::traces/file")
    decrypt = Request(
        action="kms:Decrypt",
        resource=KEY,
        context={
            "kms:ViaService": "s3.eu-west-1.amazonaws.com",
            "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::traces",
        },
    )
    assert [decide(request, identity=[policy]) for request in (read, decrypt)] == [Decision.ALLOW] * 2


@pytest.mark.parametrize("recorded", [with_pod_identity, with_irsa])
def test_there_is_no_key_that_somebody_could_copy(recorded: Any) -> None:
    """An access key works from anywhere and until somebody revokes it; a role's credentials expire."""
    recorder, _ = recorded()
    kinds = {found.type.rpartition(":")[2] for found in recorder.registrations if found.custom}
    assert kinds <= {"Role", "RolePolicy", "PodIdentityAssociation", "Stack"}
    assert "Role" in kinds


def test_the_role_is_given_out_only_when_it_may_do_what_it_is_for() -> None:
    """A Tempo that starts with a role without permissions cannot reach its bucket."""
    recorder, _ = with_pod_identity()
    needs = {urn.rpartition("::")[2] for urn in recorder.one("identity-association").dependencies}
    assert "identity-permissions" in needs


PROGRAMS: dict[str, tuple[dict[str, Any], str, dict[str, str]]] = {
    "pod identity": (
        {},
        "pods.eks.amazonaws.com",
        {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "PATH",
        },
    ),
    "irsa": (
        {"object_store.aws.identity": "irsa", "object_store.aws.oidc_provider_arn": IRSA.oidc_provider_arn},
        "sts.amazonaws.com",
        {
            "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/role-0a1b2c3d",
            "AWS_WEB_IDENTITY_TOKEN_FILE": "PATH",
            "AWS_REGION": "eu-west-1",
        },
    ),
}
MONOLITH = {"tempo.deployment_mode": "monolithic", "tempo.ingesters": 1, "tempo.replication_factor": 1}


def _has_token(volume: dict[str, Any]) -> bool:
    return any("serviceAccountToken" in source for source in volume.get("projected", {}).get("sources", ()))


@pytest.mark.parametrize("mode", [{}, MONOLITH], ids=["microservices", "monolithic"])
@pytest.mark.parametrize("kind", PROGRAMS)
def test_pods_need_no_webhook_to_get_the_role(kind: str, mode: dict[str, Any]) -> None:
    """EKS's webhook misses Pods that are admitted before it knows the association, and they would never recover.

    Only processes that use the bucket get the role, as only they have its service account.
    """
    changes, audience, variables = PROGRAMS[kind]
    recorder = record_program(as_config(sections("prod", changes | mode)), "prod")
    with_token, without = set(), set()
    for workload in workloads(recorder, SERVERS):
        pod = workload.inputs["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        tokens = [volume for volume in pod.get("volumes", []) if _has_token(volume)]
        # EKS's webhook leaves these alone if the container itself has them, and may know better.
        assert not [each for each in container.get("env", []) if each["name"].startswith("AWS_")]
        if not tokens:
            assert "envFrom" not in container
            without.add(pod["serviceAccountName"])
            continue
        ((source,), name) = tokens[0]["projected"]["sources"], tokens[0]["name"]
        (mount,) = [mount for mount in container["volumeMounts"] if mount["name"] == name]
        path = f"{mount['mountPath']}/{source['serviceAccountToken']['path']}"
        assert source["serviceAccountToken"]["audience"] == audience
        assert container["envFrom"] == [{"configMapRef": {"name": autoname("store-identity-variables")}}]
        found = recorder.one("store-identity-variables").inputs["data"]
        assert found == {key: path if value == "PATH" else value for key, value in variables.items()}
        with_token.add(pod["serviceAccountName"])
    assert with_token == {"tempo"}
    assert without
    assert "tempo" not in without


def test_the_token_is_beside_the_webhooks_own() -> None:
    """EKS's webhook adds this volume and this mount; a path that is mounted twice makes the Pod invalid."""
    token = IdentityToken.for_pod_identity()
    assert token.volume().name != "eks-pod-identity-token"
    for path in ("/var/run/secrets/pods.eks.amazonaws.com/", "/var/run/secrets/eks.amazonaws.com/"):
        assert not str(token.mount().mount_path).startswith(path)
