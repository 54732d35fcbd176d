"""Tempo's role: which Pods may assume it, what it allows, and that no long-lived credentials exist."""

import functools
import json
from typing import Any

import pulumi
import pytest

from components.storage.tempo_identity import TempoIdentity, TempoIdentityArgs
from settings.object_store import Aws
from snapshot.program import record
from snapshot.recorder import Recorder
from tests.support.iam import Decision, Request, decide

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
