"""Which region is asked, and what IAM's simulator is told and says; without a network."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from ready.aws_client import AwsClient
from ready.aws_facts import _refused
from ready.facts import Caller, Refused
from tests.unit.ready.good import ACCOUNT, needs

_ROLE = f"arn:aws:iam::{ACCOUNT}:role/deployer"


def client(region: str) -> AwsClient:
    aws = needs().settings.object_store.aws
    assert aws
    return AwsClient(aws, region)


@pytest.mark.parametrize(
    ("region", "home"),
    [
        ("eu-south-2", "us-east-1"),
        ("cn-northwest-1", "cn-north-1"),
        ("eusc-de-east-1", "eusc-de-east-1"),
        ("us-isob-west-1", "us-isob-east-1"),
    ],
)
def test_the_stacks_region_is_asked_first_and_one_that_every_account_has_second(region: str, home: str) -> None:
    """A region that is not enabled refuses valid credentials, and other partitions do not know us-east-1."""
    asked: list[str] = []

    def refuse_in_region(service: Any) -> str:
        asked.append(service.meta.region_name)
        if service.meta.region_name == region != home:
            raise ClientError({"Error": {"Code": "InvalidClientTokenId"}}, "GetCallerIdentity")
        return "answer"

    assert client(region).anywhere("sts", refuse_in_region) == "answer"
    assert asked == list(dict.fromkeys([region, home]))


def test_the_error_of_the_stacks_region_is_the_one_that_is_told() -> None:
    def refuse(service: Any) -> str:
        raise ClientError({"Error": {"Code": service.meta.region_name}}, "GetCallerIdentity")

    with pytest.raises(ClientError, match="eu-west-1"):
        client("eu-west-1").anywhere("sts", refuse)


def test_the_simulator_is_told_the_region_and_what_it_lacks_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many organizations refuse other regions; a condition on anything else is neither met nor unmet."""
    iam = boto3.client("iam", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
    wanted, there = needs(), client("eu-west-1")
    monkeypatch.setattr(there, "service", lambda _name, _region="": iam)
    told: list[dict[str, Any]] = []
    iam.meta.events.register("before-parameter-build", lambda params, **_: told.append(params))
    with Stubber(iam) as stub:
        for resources in ([{"MissingContextValues": ["aws:PrincipalTag/team"]}], [], [], [], [], []):
            name = "s3:CreateBucket" if resources else "kms:CreateKey"
            parts = [{"EvalResourceName": "*", "EvalResourceDecision": "implicitDeny", **one} for one in resources]
            result = {
                "EvalActionName": name,
                "EvalDecision": "implicitDeny",
                "ResourceSpecificResults": parts,
            }
            stub.add_response("simulate_principal_policy", {"EvaluationResults": [result]})
        refused = _refused(there, wanted, wanted.settings.object_store.aws, Caller(account=ACCOUNT, arn=_ROLE))  # type: ignore[arg-type]  # prod has it
    regions = {
        action.split(":")[0]: entry["ContextKeyValues"]
        for params in told
        for entry in params["ContextEntries"]
        for action in params["ActionNames"]
        if entry["ContextKeyName"] == "aws:RequestedRegion"
    }
    assert regions == {"s3": ["eu-west-1"], "kms": ["eu-west-1"], "eks": ["eu-west-1"], "iam": ["us-east-1"]}
    assert Refused("s3:CreateBucket", ("aws:PrincipalTag/team",)) in refused
    assert Refused("kms:CreateKey") in refused
