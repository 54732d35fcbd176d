"""S3: the bucket itself; each of its settings is a resource of its own, in `bucket_settings`."""

from dataclasses import dataclass

from lab.emulated.aws.api import Api, AwsError
from lab.emulated.aws.resource import Kind
from lab.emulated.aws.spelling import tag_list, tag_map
from lab.emulated.plugin import ProviderError
from lab.emulated.values import Json

# The region that the API identifies by an absent location.
_NAMELESS_REGION = "us-east-1"


@dataclass(frozen=True, kw_only=True)
class _Bucket(Kind):
    """A bucket, identified by its name."""

    def parameters(self, inputs: Json) -> Json:
        return {"Bucket": inputs["bucket"]}

    def create(self, api: Api, inputs: Json) -> str:
        """Refuse a name that is taken, which some regions would silently accept from the same account."""
        name = str(inputs["bucket"])
        if api.find("s3", "HeadBucket", Bucket=name) is not None:
            raise ProviderError(f"The bucket {name} exists already: import it, or choose another name.")
        place = {"CreateBucketConfiguration": {"LocationConstraint": api.region}}
        lock = {"ObjectLockEnabledForBucket": True} if inputs.get("objectLockEnabled") else {}
        api.call("s3", "CreateBucket", Bucket=name, **lock, **({} if api.region == _NAMELESS_REGION else place))
        return name

    def finish(self, api: Api, resource_id: str, inputs: Json) -> None:
        """Set the tags."""
        if tags := inputs["tagsAll"]:
            api.call("s3", "PutBucketTagging", Bucket=resource_id, Tagging={"TagSet": tag_list(tags)})
        else:
            api.call("s3", "DeleteBucketTagging", Bucket=resource_id)

    def read(self, api: Api, resource_id: str) -> Json | None:
        if api.find("s3", "HeadBucket", Bucket=resource_id) is None:
            return None
        tags = api.find("s3", "GetBucketTagging", Bucket=resource_id) or {}
        return {
            "arn": f"arn:{api.partition}:s3:::{resource_id}",
            "bucket": resource_id,
            "tagsAll": tag_map(tags.get("TagSet", [])),
        }

    def delete(self, api: Api, resource_id: str, inputs: Json) -> None:
        """Delete the bucket; with its objects only where the program sets `force_destroy`."""
        if inputs.get("forceDestroy"):
            _empty(api, resource_id)
        try:
            api.find("s3", "DeleteBucket", Bucket=resource_id)
        except AwsError as error:
            if error.code != "BucketNotEmpty":
                raise
            raise ProviderError(
                f"The bucket {resource_id} is not empty: empty it, or set force_destroy and run `up` first. "
                f"{error}"
            ) from None


def _empty(api: Api, bucket: str) -> None:
    """Delete every version of every object, page by page."""
    while page := api.find("s3", "ListObjectVersions", Bucket=bucket):
        found = page.get("Versions", []) + page.get("DeleteMarkers", [])
        if not found:
            return
        objects = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in found]
        if failed := api.call("s3", "DeleteObjects", Bucket=bucket, Delete={"Objects": objects}).get("Errors"):
            raise ProviderError(f"{failed[0]['Key']} in {bucket} cannot be deleted: {failed[0]['Message']}")


KINDS: dict[str, Kind] = {
    "aws:s3/bucket:Bucket": _Bucket(
        service="s3",
        creation="CreateBucket",
        inputs=("bucket", "forceDestroy", "objectLockEnabled", "tags"),
        computed=("arn",),
        replaces=("bucket", "objectLockEnabled"),
        defaults={"forceDestroy": False},
        name="bucket",
        tagged=True,
    ),
}
