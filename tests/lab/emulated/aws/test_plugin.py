import json
from typing import Any

import pytest
from pulumi.runtime.rpc import UNKNOWN

from lab.emulated.aws.api import Api, AwsError
from lab.emulated.aws.plugin import AwsPlugin
from lab.emulated.plugin import InitializationError, ProviderError
from lab.emulated.values import Json, Properties
from tests.lab.emulated.aws.support import Aws, urn

KEY = urn("kms:Key")
TAGS = json.dumps({"tags": {"environment": "prod"}})


def test_a_type_that_is_not_made_here_is_refused(aws: Aws) -> None:
    """Rather than made as something else."""
    with pytest.raises(ProviderError, match="has no aws:s3/bucketObject:BucketObject: install the real"):
        aws.make("s3:BucketObject", {})


def test_an_input_that_is_not_known_here_is_refused(aws: Aws) -> None:
    """It would silently have no effect, and the tests of it would mean nothing."""
    with pytest.raises(ProviderError, match="has no acl, website of aws:s3/bucket:Bucket, only bucket, forceDest"):
        aws.make("s3:Bucket", {"bucket": "traces", "website": {}, "acl": "private"})


def test_an_old_input_that_is_not_known_here_is_no_change(aws: Aws) -> None:
    """The state may have been written by the real plugin, which notes more."""
    made = aws.make("kms:Key", {})
    made.inputs = Properties({**made.inputs.values, "keyUsage": "ENCRYPT_DECRYPT", "__defaults": ["keyUsage"]})
    assert made.changed({}) == []


def test_a_request_that_the_service_would_not_take_fails_in_the_preview(aws: Aws) -> None:
    rules = [{"id": "a", "status": "Enabled", "expiratoin": {"days": 1}}]
    with pytest.raises(
        ProviderError, match=r'Unknown parameter in LifecycleConfiguration.Rules\[0\]: "Expiratoin"'
    ):
        aws.preview("s3:BucketLifecycleConfiguration", Properties({"bucket": "traces", "rules": rules}))


def test_a_preview_with_unknown_parts_passes_them_on(aws: Aws) -> None:
    """As the policy of a bucket whose name is not known yet."""
    state = aws.preview("s3:BucketPolicy", Properties({"bucket": UNKNOWN, "policy": UNKNOWN}))
    assert state.values["policy"] == UNKNOWN


def test_a_preview_of_an_update_keeps_what_is_known(aws: Aws) -> None:
    """Otherwise everything that uses the key would seem to change with its description."""
    made = aws.make("kms:Key", {})
    checked = aws.plugin.check(KEY, made.inputs, Properties({"description": "new"}), b"")
    state = aws.plugin.update(KEY, made.id, checked, made.state, preview=True)
    assert (state.values["keyId"], state.values["description"]) == (made.id, "new")
    assert aws.kms.describe_key(KeyId=made.id)["KeyMetadata"]["Description"] == "Managed by Pulumi"


def test_secrets_stay_secret_in_outputs_and_after_a_refresh(aws: Aws) -> None:
    """A state in clear would give them away; also what somebody else put in a secret's place."""
    inputs = Properties({"bucket": "traces", "tags": {"cost": "12345"}}, frozenset({"tags"}))
    assert aws.preview("s3:Bucket", inputs).secrets == {"tags", "tagsAll"}
    name = urn("s3:Bucket")
    checked = aws.plugin.check(name, None, inputs, b"")
    resource_id, state = aws.plugin.create(name, checked)
    assert checked.secrets == state.secrets == {"tags", "tagsAll"}
    assert aws.plugin.read(name, resource_id, checked, state)[1].secrets == checked.secrets
    aws.s3.put_bucket_tagging(Bucket="traces", Tagging={"TagSet": [{"Key": "price", "Value": "678"}]})
    _, seen, outputs = aws.plugin.read(name, resource_id, checked, state)
    assert seen.secrets == outputs.secrets == {"tags", "tagsAll"}


def test_the_providers_own_tags_are_on_everything_and_are_nobodys_drift(aws: Aws) -> None:
    aws.plugin.configure({"region": "eu-central-1", "defaultTags": TAGS})
    inputs = {"bucket": "traces", "tags": {"owner": "platform"}}
    made = aws.make("s3:Bucket", inputs)
    assert made.state.values["tagsAll"] == {"environment": "prod", "owner": "platform"}
    assert made.state.values["tags"] == {"owner": "platform"}
    assert len(aws.s3.get_bucket_tagging(Bucket="traces")["TagSet"]) == 2
    assert made.refresh()
    assert made.changed(inputs) == []
    aws.plugin.configure({"region": "eu-central-1", "defaultTags": TAGS.replace("prod", "staging")})
    assert made.changed(inputs) == ["tagsAll"]


def test_an_import_finds_the_inputs_that_describe_the_resource(aws: Aws) -> None:
    aws.plugin.configure({"region": "eu-central-1", "defaultTags": TAGS})
    aws.make("iam:Role", {"name": "tempo", "assumeRolePolicy": '{"Statement": []}', "tags": {"a": "b"}})
    nothing = Properties({})
    found, inputs, _ = aws.plugin.read(urn("iam:Role"), "tempo", nothing, nothing)
    assert found == "tempo"
    assert inputs.values == {
        "assumeRolePolicy": '{"Statement": []}',
        "name": "tempo",
        "tags": {"a": "b"},
    }


def test_what_was_made_and_could_not_be_finished_is_not_forgotten(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that no state knows is paid for until somebody finds it."""
    real_call = Api.call

    def call(api: Api, service: str, operation: str, **parameters: Any) -> Json:
        if operation == "EnableKeyRotation":
            raise AwsError("EnableKeyRotation was refused")
        return real_call(api, service, operation, **parameters)

    monkeypatch.setattr(Api, "call", call)
    inputs = aws.plugin.check(KEY, None, Properties({"enableKeyRotation": True}), b"")
    with pytest.raises(InitializationError, match="EnableKeyRotation") as caught:
        aws.plugin.create(KEY, inputs)
    assert aws.kms.list_keys()["Keys"][0]["KeyId"] == caught.value.resource_id


def test_functions_answer_who_and_where(aws: Aws) -> None:
    assert aws.plugin.invoke("aws:index/getCallerIdentity:getCallerIdentity", {}) == {
        "accountId": "123456789012",
        "arn": "arn:aws:sts::123456789012:user/moto",
        "id": "123456789012",
        "userId": "AKIAIOSFODNN7EXAMPLE",
    }
    assert aws.plugin.invoke("aws:index/getPartition:getPartition", {}) == {
        "id": "aws",
        "partition": "aws",
    }
    with pytest.raises(ProviderError, match="has no function aws:iam/getUser:getUser: install the real plugin"):
        aws.plugin.invoke("aws:iam/getUser:getUser", {})


def test_a_configuration_without_a_region_or_with_no_effect_is_refused() -> None:
    environment = {"AWS_ENDPOINT_URL": "http://127.0.0.1:5000"}
    plugin = AwsPlugin(environment)
    with pytest.raises(ProviderError, match="has no setting endpoints, token: install the real plugin"):
        plugin.configure({"token": "x", "endpoints": "[]", "version": "7.51.1", "region": "eu-central-1"})
    with pytest.raises(ProviderError, match="no region: set aws:region, or AWS_REGION"):
        plugin.configure({"defaultTags": TAGS})
    plugin.configure({"region": "eu-central-1", "defaultTags": TAGS})
    AwsPlugin({**environment, "AWS_REGION": "eu-west-1"}).configure({})


def test_only_an_allowed_account_is_used(aws: Aws) -> None:
    """As by the real provider, whatever credentials the shell has."""
    aws.plugin.configure({"region": "eu-central-1", "allowedAccountIds": '["123456789012"]'})
    with pytest.raises(ProviderError, match="account ID not allowed: 123456789012; allowed is 999999999999"):
        aws.plugin.configure({"region": "eu-central-1", "allowedAccountIds": '["999999999999"]'})


def test_a_role_is_assumed_and_decides_the_account(aws: Aws) -> None:
    role = {"roleArn": "arn:aws:iam::999999999999:role/deployer", "sessionName": "stack"}
    config = {"region": "eu-central-1", "assumeRoles": json.dumps([role])}
    aws.plugin.configure(config | {"allowedAccountIds": '["999999999999"]'})
    caller = aws.plugin.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})
    assert caller["arn"] == "arn:aws:sts::999999999999:assumed-role/deployer/stack"
    with pytest.raises(ProviderError, match="account ID not allowed: 999999999999"):
        aws.plugin.configure(config | {"allowedAccountIds": '["123456789012"]'})


@pytest.mark.parametrize("changed", [{"region": "eu-west-1"}, {"allowedAccountIds": '["123456789012"]'}])
def test_another_configuration_configures_the_provider_anew_and_replaces_nothing(changed: Json) -> None:
    """An account that is no longer allowed must be noticed; what exists stays in its region, as in version 7."""
    plugin = AwsPlugin({})
    old = {"region": "eu-central-1", "defaultTags": TAGS}
    assert plugin.diff_config(old, old) == ()
    (change,) = plugin.diff_config(old, old | changed)
    assert (change.path, change.replaces) == ((*changed,), False)
