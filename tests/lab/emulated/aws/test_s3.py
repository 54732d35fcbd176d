import pytest
from pulumi.runtime.rpc import UNKNOWN

from lab.emulated.plugin import ProviderError
from lab.emulated.values import Properties
from tests.lab.emulated.aws.support import REGION, Aws

BUCKET = {"bucket": "traces", "tags": {"owner": "platform"}}


def test_a_bucket_is_made_where_and_as_asked(aws: Aws) -> None:
    made = aws.make("s3:Bucket", BUCKET)
    assert aws.s3.get_bucket_location(Bucket="traces")["LocationConstraint"] == REGION
    assert aws.s3.get_bucket_tagging(Bucket="traces")["TagSet"] == [{"Key": "owner", "Value": "platform"}]
    assert made.id == "traces"
    assert made.state.values == {
        "arn": "arn:aws:s3:::traces",
        "bucket": "traces",
        "forceDestroy": False,
        "tags": {"owner": "platform"},
        "tagsAll": {"owner": "platform"},
    }


def test_a_bucket_can_lock_its_objects(aws: Aws) -> None:
    """A rule of the policies refuses it; the engine has to get as far as the rule."""
    aws.make("s3:Bucket", {"bucket": "locked", "objectLockEnabled": True})
    found = aws.s3.get_object_lock_configuration(Bucket="locked")["ObjectLockConfiguration"]
    assert found["ObjectLockEnabled"] == "Enabled"


def test_a_bucket_is_made_in_the_region_that_the_api_does_not_name(aws: Aws) -> None:
    aws.plugin.configure({"region": "us-east-1"})
    made = aws.make("s3:Bucket", {"bucket": "far"})
    assert aws.s3.get_bucket_location(Bucket="far").get("LocationConstraint") is None
    assert made.refresh()


def test_a_preview_of_a_bucket_knows_what_the_program_said_and_no_more(aws: Aws) -> None:
    state = aws.preview("s3:Bucket", Properties(BUCKET)).values
    unknown = {name for name, value in state.items() if value == UNKNOWN}
    assert unknown == {"arn"}
    assert state["bucket"] == "traces"
    assert aws.s3.list_buckets()["Buckets"] == []


def test_a_name_that_is_taken_is_refused(aws: Aws) -> None:
    """Somebody else's bucket must not become ours, nor be deleted by a destroy."""
    aws.make("s3:Bucket", BUCKET)
    with pytest.raises(ProviderError, match="The bucket traces exists already: import it"):
        aws.make("s3:Bucket", BUCKET)


def test_a_nameless_bucket_keeps_the_name_that_was_made_for_it(aws: Aws) -> None:
    made = aws.make("s3:Bucket", {})
    assert made.id.startswith("thing-")
    assert made.changed({}) == []


def test_a_bucket_is_replaced_for_its_name_and_not_for_its_tags(aws: Aws) -> None:
    made = aws.make("s3:Bucket", BUCKET)
    assert made.changed({**BUCKET, "bucket": "other"}) == ["bucket!"]
    assert made.changed({**BUCKET, "tags": {"owner": "other"}}) == ["tags", "tagsAll"]
    assert made.changed({**BUCKET, "forceDestroy": True}) == ["forceDestroy"]


@pytest.mark.parametrize("tags", [{"owner": "other", "team": "a"}, {}])
def test_tags_are_brought_to_what_the_program_says(aws: Aws, tags: dict[str, str]) -> None:
    made = aws.make("s3:Bucket", BUCKET)
    made.update({"bucket": "traces", "tags": tags})
    assert made.state.values["tagsAll"] == tags
    assert made.refresh()
    assert made.changed({"bucket": "traces", "tags": tags}) == []


def test_a_tag_that_somebody_added_is_seen_and_taken_away(aws: Aws) -> None:
    """A refresh must find it."""
    made = aws.make("s3:Bucket", BUCKET)
    foreign = [{"Key": "owner", "Value": "platform"}, {"Key": "by", "Value": "hand"}]
    aws.s3.put_bucket_tagging(Bucket="traces", Tagging={"TagSet": foreign})  # type: ignore[typeddict-item]
    assert made.refresh()
    assert made.changed(BUCKET) == ["tags", "tagsAll"]
    made.update(BUCKET)
    assert aws.s3.get_bucket_tagging(Bucket="traces")["TagSet"] == [{"Key": "owner", "Value": "platform"}]


def test_a_bucket_that_is_gone_is_forgotten(aws: Aws) -> None:
    made = aws.make("s3:Bucket", BUCKET)
    aws.s3.delete_bucket(Bucket="traces")
    assert not made.refresh()
    made.delete()


def test_a_bucket_with_something_in_it_is_not_deleted(aws: Aws) -> None:
    """Traces must not go with a mistaken destroy."""
    made = aws.make("s3:Bucket", BUCKET)
    aws.s3.put_object(Bucket="traces", Key="block")
    with pytest.raises(ProviderError, match="The bucket traces is not empty: empty it, or set force_destroy"):
        made.delete()
    assert made.refresh()


def test_a_bucket_goes_with_every_version_where_the_program_says_so(aws: Aws) -> None:
    made = aws.make("s3:Bucket", {**BUCKET, "forceDestroy": True})
    aws.s3.put_bucket_versioning(Bucket="traces", VersioningConfiguration={"Status": "Enabled"})
    for _ in range(2):
        aws.s3.put_object(Bucket="traces", Key="block")
    aws.s3.delete_object(Bucket="traces", Key="block")
    made.delete()
    assert aws.s3.list_buckets()["Buckets"] == []
