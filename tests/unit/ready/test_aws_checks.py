"""Each check of the account, with facts that meet it and facts that do not."""

import dataclasses
import json
from typing import Any

import pytest

from ready.aws_actions import ACTIONS
from ready.checks import (
    account,
    aws_permissions,
    buckets,
    credentials,
    eks_cluster,
    identity,
    region,
)
from ready.facts import Connection, OidcProvider, Refused, Rollout, Unknown
from ready.finding import State
from settings.project import REPO
from tests.unit.ready.good import ACCOUNT, AUTHORITY, BUCKET, EKS, Run, facts, needs, states, tempo_pod, unmet

_ELSEWHERE = "https://other.example.com"
_PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0A1B"
_AUDIENCES = frozenset({"sts.amazonaws.com"})
_IRSA = {"object_store.aws.identity": "irsa", "object_store.aws.oidc_provider_arn": _PROVIDER}


@pytest.mark.parametrize(
    ("check", "requirement", "aws", "settings", "said"),
    [
        (account.check, "AWS account", {"caller": Unknown("the token has expired")}, {}, "has expired"),
        (account.check, "AWS account", {}, {"object_store.aws.account_id": "210987654321"}, "210987654321"),
        (
            region.check,
            "AWS region",
            {"region": None},
            {},
            "no region eu-west-1",
        ),
        (region.check, "AWS region", {"region": "not-opted-in"}, {}, "aws account enable-region"),
        (aws_permissions.check, "AWS permissions", {"refused": (Refused("kms:CreateKey"),)}, {}, "kms:CreateKey"),
        (buckets.check, "bucket", {"buckets": {BUCKET: "foreign"}}, {}, "another account"),
        (buckets.check, "bucket", {"buckets": {BUCKET: "eu-north-1"}}, {}, "exists in eu-north-1"),
        (eks_cluster.check, "EKS cluster", {"cluster": None}, {}, "no EKS cluster fawkes-prod"),
        (
            eks_cluster.check,
            "EKS cluster",
            {"cluster": dataclasses.replace(EKS, status="UPDATING")},
            {},
            "is UPDATING",
        ),
        (
            eks_cluster.check,
            "one cluster",
            {"cluster": dataclasses.replace(EKS, endpoint=_ELSEWHERE, authority="another")},
            {},
            "aws eks update-kubeconfig --name fawkes-prod --region eu-west-1",
        ),
        (identity.check, "OIDC provider", {"provider": None}, _IRSA, f"no OIDC provider {_PROVIDER}"),
        (
            identity.check,
            "OIDC provider",
            {"provider": OidcProvider(url="oidc.example.com", audiences=_AUDIENCES)},
            _IRSA,
            "is for oidc.example.com",
        ),
        (
            identity.check,
            "OIDC provider",
            {"provider": OidcProvider(url=str(EKS.issuer), audiences=frozenset({"other"}))},
            _IRSA,
            "--client-id sts.amazonaws.com",
        ),
    ],
)
def test_a_requirement_that_is_not_met_is_said_with_what_to_do(
    check: Run, requirement: str, aws: dict[str, Any], settings: dict[str, Any], said: str
) -> None:
    assert said in unmet(check(needs(settings), facts(aws=aws)))[requirement]


def test_an_action_that_depends_on_what_the_simulator_does_not_know_may_be_refused() -> None:
    """A condition on a tag of the request, for example, may be met by the real one."""
    (found,) = aws_permissions.check(
        needs(), facts(aws={"refused": (Refused("kms:CreateKey", ("aws:PrincipalTag/team",)),)})
    )
    assert found.state is State.NOT_SEEN
    assert "aws:PrincipalTag/team" in found.sentence
    assert "may be refused: kms:CreateKey" in found.to_do


def test_the_account_in_the_settings_is_met_and_without_one_any_is() -> None:
    named = needs({"object_store.aws.account_id": ACCOUNT})
    assert states(account.check(named, facts())) == {"AWS account": State.MET}
    (found,) = account.check(needs(), facts())
    assert "no other account would be refused" in found.sentence


def test_a_cluster_behind_a_tunnel_is_known_by_its_certificate_authority() -> None:
    tunnel = Connection(kubeconfig="c", context="c", server="https://127.0.0.1:8443", authority=AUTHORITY)
    assert states(eks_cluster.check(needs(), facts({"connection": tunnel})))["one cluster"] is State.MET


def test_an_own_bucket_is_met_with_where_to_read_on() -> None:
    (found,) = buckets.check(needs(), facts(aws={"buckets": {BUCKET: "own"}}))
    assert found.state is State.MET
    assert "docs/take-over.md" in found.sentence


@pytest.mark.parametrize(
    ("agent", "addon", "state"),
    [
        (None, None, State.NOT_MET),
        (Rollout(desired=3, ready=2), None, State.NOT_MET),
        (Rollout(desired=0, ready=0), "CREATE_FAILED", State.NOT_MET),
        (Rollout(desired=3, ready=3), Unknown("no permission"), State.MET),
        (Unknown("no permission"), "ACTIVE", State.MET),
        (Unknown("no permission"), Unknown("no permission"), State.NOT_SEEN),
    ],
)
def test_the_agent_is_seen_as_an_add_on_or_as_a_daemon_set(agent: Any, addon: Any, state: State) -> None:
    """Either may be hidden from this user."""
    there = facts({"agent": agent}, {"addon": addon})
    from ready.checks import CHECKS  # noqa: PLC0415 - the wrapper turns a missing fact into a finding

    (check,) = [one for one in CHECKS if one.run is identity.check]
    (found,) = check.findings(needs(), there)
    assert found.state is state


def test_auto_mode_has_the_agent_built_in() -> None:
    there = facts({"agent": None}, {"addon": None, "cluster": dataclasses.replace(EKS, auto_mode=True)})
    assert states(identity.check(needs(), there)) == {"Pod Identity Agent": State.MET}


def test_the_oidc_provider_of_the_clusters_issuer_is_met() -> None:
    """Without EKS' answer the API server tells its issuer."""
    assert states(identity.check(needs(_IRSA), facts())) == {"OIDC provider": State.MET}
    hidden = facts(aws={"cluster": Unknown("no permission")})
    assert states(identity.check(needs(_IRSA), hidden)) == {"OIDC provider": State.MET}


def test_pods_without_credentials_are_named_with_the_command_that_restarts_them() -> None:
    """A Pod of an earlier release has only what EKS gave it when it was admitted, perhaps nothing."""
    without = facts({"pods": (tempo_pod(),)})
    said = unmet(credentials.check(needs(), without))["Tempo's credentials"]
    assert "tempo-ingester-0" in said
    assert "kubectl -n fawkes-observability rollout restart statefulset/tempo-ingester" in said
    of_pod_identity = facts({"pods": (tempo_pod("pods.eks.amazonaws.com"),)})
    assert states(credentials.check(needs(), of_pod_identity)) == {"Tempo's credentials": State.MET}
    assert unmet(credentials.check(needs(_IRSA), of_pod_identity))


def test_pods_before_their_association_need_an_up_and_none_need_nothing() -> None:
    early = facts({"pods": (tempo_pod("pods.eks.amazonaws.com"),)}, {"associated": False})
    assert "pulumi up" in unmet(credentials.check(needs(), early))["Tempo's credentials"]
    assert states(credentials.check(needs(), facts({"pods": ()}))) == {"Tempo's credentials": State.MET}


def test_each_type_of_resource_has_the_actions_that_create_it() -> None:
    """A type without actions would be left out of the simulation in silence."""
    for stack in ("prod", "staging"):
        text = (REPO / "rendered" / stack / "resources.json").read_text(encoding="utf-8")
        types = {one["type"] for one in json.loads(text) if one["type"].startswith("aws:")}
        assert types <= {*ACTIONS}


def test_what_is_written_is_also_read_back() -> None:
    """The provider reads each resource within its creation, which fails without that permission."""
    everything = {action for actions in ACTIONS.values() for action in actions}
    written = {one for one in everything if one.startswith("s3:Put")}
    assert {one.replace(":Put", ":Get") for one in written} <= everything
    assert {"kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"} <= everything
    assert {"iam:ListRolePolicies", "iam:ListAttachedRolePolicies", "eks:TagResource"} <= everything
