import json
from typing import Any

import pytest

from scan.terraform import plan_files, resource_of, terraform_type
from snapshot.recorder import Registration
from tests.support.registrations import resource

BUCKET = resource("aws:s3/bucket:Bucket", {"bucket": "traces", "tags": {"costCentre": "a"}}, "store-bucket")


def plan_of(*resources: Registration) -> dict[str, Any]:
    """Return the plan of resources."""
    (text,) = plan_files(resources).values()
    return dict(json.loads(text))


def values_of(one: Registration) -> dict[str, Any]:
    """Return what the plan says of a resource that stands alone."""
    (found,) = plan_of(one)["planned_values"]["root_module"]["resources"]
    return dict(found["values"])


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "aws_s3_bucket_public_access_block"),
        ("aws:iam/rolePolicy:RolePolicy", "aws_iam_role_policy"),
        ("aws:eks/podIdentityAssociation:PodIdentityAssociation", "aws_eks_pod_identity_association"),
    ],
)
def test_a_type_has_terraforms_name(token: str, name: str) -> None:
    assert terraform_type(token) == name


def test_an_object_is_a_block_and_a_list_of_objects_repeats_a_block_named_in_the_singular() -> None:
    rules = [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}, "bucketKeyEnabled": True}]
    kind = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    assert values_of(resource(kind, {"rules": rules})) == {
        "rule": [
            {
                "apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms"}],
                "bucket_key_enabled": True,
            }
        ]
    }


def test_the_keys_of_tags_are_the_users() -> None:
    assert values_of(BUCKET)["tags"] == {"costCentre": "a"}


def test_a_list_of_texts_stays_as_it_is() -> None:
    assert values_of(resource("aws:iam/role:Role", {"managedPolicyArns": ["a"]}))["managed_policy_arns"] == ["a"]


def test_settings_of_a_bucket_refer_to_it_instead_of_naming_it() -> None:
    """Checkov joins a bucket and its settings only so."""
    versioning = resource("aws:s3/bucketVersioning:BucketVersioning", {"bucket": "traces"}, "store-versioning")
    plan = plan_of(BUCKET, versioning)
    of_bucket, of_versioning = plan["configuration"]["root_module"]["resources"]
    assert of_bucket["expressions"] == {}
    names = ["aws_s3_bucket.store-bucket.id", "aws_s3_bucket.store-bucket"]
    assert of_versioning["expressions"] == {"bucket": {"references": names}}
    assert "bucket" not in plan["planned_values"]["root_module"]["resources"][1]["values"]


def test_settings_of_a_bucket_outside_the_stack_name_it() -> None:
    versioning = resource("aws:s3/bucketVersioning:BucketVersioning", {"bucket": "other"})
    assert values_of(versioning) == {"bucket": "other"}


def test_a_stack_without_amazon_has_no_plan() -> None:
    assert plan_files([resource("kubernetes:core/v1:Secret", {})]) == {}


def test_an_address_leads_back_to_the_resource() -> None:
    (found,) = plan_of(BUCKET)["resource_changes"]
    assert resource_of(found["address"]) == "store-bucket"
