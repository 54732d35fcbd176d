"""S3: one type of resource for each setting of a bucket; they differ only in the table below."""

from collections.abc import Callable
from dataclasses import dataclass

from lab.emulated.aws.api import Api
from lab.emulated.aws.resource import Kind
from lab.emulated.aws.spelling import document, from_api, to_api
from lab.emulated.values import Json


@dataclass(frozen=True, kw_only=True)
class _Setting(Kind):
    """One setting of a bucket, identified by the bucket's name and always written as a whole.

    An earlier one is overwritten, as by the real plugin. `wrap` nests the inputs as the request does, and `unwrap`
    takes them from the answer of `reading` (None: not set); both in Pulumi's spelling. `removal` is the call that
    removes the setting, with its parameters beside the bucket.
    """

    reading: str
    wrap: Callable[[Json], Json] = dict
    unwrap: Callable[[Json], Json | None] = dict
    removal: tuple[str, Json]

    def parameters(self, inputs: Json) -> Json:
        own = {name: inputs[name] for name in self.inputs if name in inputs and name != "bucket"}
        return {"Bucket": inputs["bucket"], **to_api(self.wrap(own))}

    def update(self, api: Api, _: str, inputs: Json) -> None:
        self.send(api, inputs)

    def read(self, api: Api, resource_id: str) -> Json | None:
        answer = api.find("s3", self.reading, Bucket=resource_id)
        found = None if answer is None else self.unwrap(from_api(answer))
        if found is None:
            return None
        return {"bucket": resource_id} | {name: found[name] for name in self.inputs if name in found}

    def delete(self, api: Api, resource_id: str, _: Json) -> None:
        operation, parameters = self.removal
        api.find("s3", operation, Bucket=resource_id, **parameters)


def _of_bucket(aspect: str, *inputs: str) -> Json:
    """Return what all settings share: the calls for this aspect of a bucket, and the bucket beside the inputs."""
    return {
        "service": "s3",
        "creation": f"Put{aspect}",
        "identity": "{bucket}",
        "reading": f"Get{aspect}",
        "inputs": ("bucket", *inputs),
        "replaces": ("bucket",),
    }


def _lifecycle(inputs: Json) -> Json:
    size = "transitionDefaultMinimumObjectSize"
    beside = {size: inputs[size]} if size in inputs else {}
    return {"lifecycleConfiguration": {"rules": inputs["rules"]}, **beside}


_ACCESS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")

KINDS: dict[str, Kind] = {
    "aws:s3/bucketVersioning:BucketVersioning": _Setting(
        **_of_bucket("BucketVersioning", "versioningConfiguration"),
        unwrap=lambda answer: {"versioningConfiguration": {"status": answer.get("status", "Disabled")}},
        # A bucket that once had versions keeps them.
        removal=("PutBucketVersioning", {"VersioningConfiguration": {"Status": "Suspended"}}),
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _Setting(
        **_of_bucket("BucketEncryption", "rules"),
        wrap=lambda inputs: {"serverSideEncryptionConfiguration": inputs},
        unwrap=lambda answer: answer["serverSideEncryptionConfiguration"],
        removal=("DeleteBucketEncryption", {}),
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _Setting(
        **_of_bucket("BucketLifecycleConfiguration", "rules", "transitionDefaultMinimumObjectSize"),
        wrap=_lifecycle,
        removal=("DeleteBucketLifecycle", {}),
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _Setting(
        **_of_bucket("PublicAccessBlock", *_ACCESS),
        defaults=dict.fromkeys(_ACCESS, False),
        wrap=lambda inputs: {"publicAccessBlockConfiguration": inputs},
        unwrap=lambda answer: answer["publicAccessBlockConfiguration"],
        removal=("DeletePublicAccessBlock", {}),
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _Setting(
        **_of_bucket("BucketOwnershipControls", "rule"),
        wrap=lambda inputs: {"ownershipControls": {"rules": [inputs["rule"]]}},
        unwrap=lambda answer: {"rule": answer["ownershipControls"]["rules"][0]},
        removal=("DeleteBucketOwnershipControls", {}),
    ),
    "aws:s3/bucketPolicy:BucketPolicy": _Setting(
        **_of_bucket("BucketPolicy", "policy"),
        meanings={"policy": document},
        removal=("DeleteBucketPolicy", {}),
    ),
    "aws:s3/bucketLogging:BucketLogging": _Setting(
        **_of_bucket("BucketLogging", "targetBucket", "targetPrefix"),
        wrap=lambda inputs: {"bucketLoggingStatus": {"loggingEnabled": inputs}},
        unwrap=lambda answer: answer.get("loggingEnabled"),
        removal=("PutBucketLogging", {"BucketLoggingStatus": {}}),
    ),
}
