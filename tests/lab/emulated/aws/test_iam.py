import json

import pytest
from pulumi.runtime.rpc import UNKNOWN

from lab.emulated.plugin import ProviderError
from lab.emulated.values import Json, Properties
from tests.lab.emulated.aws.support import Aws

TRUST: Json = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "pods.eks.amazonaws.com"},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
        }
    ],
}
ACCESS: Json = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::traces/*"}],
}
ROLE: Json = {"name": "tempo", "assumeRolePolicy": json.dumps(TRUST), "tags": {"owner": "platform"}}


def test_a_role_is_made_with_its_trust_and_tags(aws: Aws) -> None:
    made = aws.make("iam:Role", ROLE)
    role = aws.iam.get_role(RoleName="tempo")["Role"]
    assert role["AssumeRolePolicyDocument"] == TRUST
    assert role["Tags"] == [{"Key": "owner", "Value": "platform"}]
    assert made.id == "tempo"
    assert made.state.values["arn"] == "arn:aws:iam::123456789012:role/tempo"
    assert made.changed(ROLE) == []


def test_a_preview_of_a_role_knows_what_the_program_said(aws: Aws) -> None:
    state = aws.preview("iam:Role", Properties(ROLE)).values
    assert {name for name, value in state.items() if value == UNKNOWN} == {"arn"}
    assert aws.iam.list_roles()["Roles"] == []


def test_a_role_is_replaced_for_its_name_alone(aws: Aws) -> None:
    made = aws.make("iam:Role", ROLE)
    assert made.changed({**ROLE, "name": "other"}) == ["name!"]
    assert made.changed({**ROLE, "description": "d"}) == ["description"]


def test_a_role_is_changed_in_place_and_back(aws: Aws) -> None:
    made = aws.make("iam:Role", ROLE)
    made.update(
        {
            "name": "tempo",
            "assumeRolePolicy": json.dumps(TRUST).replace("pods.eks", "ec2"),
            "description": "reads blocks",
            "tags": {"team": "a"},
        }
    )
    role = aws.iam.get_role(RoleName="tempo")["Role"]
    assert "ec2.amazonaws.com" in json.dumps(role["AssumeRolePolicyDocument"])
    assert role["Description"] == "reads blocks"
    assert role["Tags"] == [{"Key": "team", "Value": "a"}]
    made.update(ROLE)
    role = aws.iam.get_role(RoleName="tempo")["Role"]
    assert role["Description"] == ""
    assert role["Tags"] == [{"Key": "owner", "Value": "platform"}]
    assert role["AssumeRolePolicyDocument"] == TRUST


def test_a_trust_that_somebody_widened_is_seen_and_narrowed(aws: Aws) -> None:
    made = aws.make("iam:Role", ROLE)
    wide = json.dumps(TRUST).replace('{"Service": "pods.eks.amazonaws.com"}', '"*"')
    aws.iam.update_assume_role_policy(RoleName="tempo", PolicyDocument=wide)
    assert made.refresh()
    assert made.changed(ROLE) == ["assumeRolePolicy"]
    made.update(ROLE)
    assert aws.iam.get_role(RoleName="tempo")["Role"]["AssumeRolePolicyDocument"] == TRUST


def test_a_role_that_is_gone_is_forgotten(aws: Aws) -> None:
    made = aws.make("iam:Role", ROLE)
    made.delete()
    assert not made.refresh()
    made.delete()


def test_a_role_with_a_foreign_policy_is_not_deleted(aws: Aws) -> None:
    """The service refuses it, and a person decides about the policy."""
    made = aws.make("iam:Role", ROLE)
    policy = aws.iam.create_policy(PolicyName="foreign", PolicyDocument=json.dumps(ACCESS))["Policy"]["Arn"]
    aws.iam.attach_role_policy(RoleName="tempo", PolicyArn=policy)
    with pytest.raises(ProviderError, match="DeleteRole was refused: DeleteConflict"):
        made.delete()
    assert made.refresh()


def test_a_written_policy_is_put_changed_and_deleted(aws: Aws) -> None:
    aws.make("iam:Role", ROLE)
    inputs = {"role": "tempo", "name": "blocks", "policy": json.dumps(ACCESS)}
    made = aws.make("iam:RolePolicy", inputs)
    assert made.id == "tempo:blocks"
    assert aws.iam.get_role_policy(RoleName="tempo", PolicyName="blocks")["PolicyDocument"] == ACCESS
    wider = {**inputs, "policy": json.dumps(ACCESS).replace("s3:GetObject", "s3:*")}
    assert made.changed({**inputs, "policy": json.dumps(ACCESS, indent=2)}) == []
    assert made.changed(wider) == ["policy"]
    assert made.changed({**inputs, "role": "other"}) == ["role!"]
    assert made.changed({**inputs, "name": "other"}) == ["name!"]
    made.update(wider)
    assert "s3:*" in json.dumps(aws.iam.get_role_policy(RoleName="tempo", PolicyName="blocks")["PolicyDocument"])
    assert made.changed(wider) == []
    made.delete()
    assert not made.refresh()
    made.delete()


def test_a_written_policy_that_somebody_widened_is_seen(aws: Aws) -> None:
    aws.make("iam:Role", ROLE)
    inputs = {"role": "tempo", "policy": json.dumps(ACCESS)}
    made = aws.make("iam:RolePolicy", inputs)
    wide = json.dumps(ACCESS).replace("s3:GetObject", "s3:*")
    aws.iam.put_role_policy(RoleName="tempo", PolicyName=made.id.partition(":")[2], PolicyDocument=wide)
    assert made.refresh()
    assert made.changed(inputs) == ["policy"]
