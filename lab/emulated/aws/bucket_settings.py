"""S3: one type of resource for each setting of a bucket; they differ only in what is in the table below."""

from collections.abc import Callable
from dataclasses import dataclass

from lab.emulated.aws.api import Api
from lab.emulated.aws.resource import Kind, Request, make
from lab.emulated.aws.spelling import document, from_api, to_api
from lab.emulated.values import Json


@dataclass(frozen=True, kw_only=True)
class _Setting(Kind):
    """One setting of a bucket, known by the bucket's name, put as a whole.

    `body` is the parameter that carries it. `write` makes it from the properties, `look` takes the
    properties from the answer (None: it is not set). `off` is the call that ends it, and what it carries.
    `beside` are properties that are parameters of their own.
    """

    aspect: str
    body: str
    write: Callable[[Json], object] = to_api
    look: Callable[[Json], Json | None]
    off: tuple[str, Json]
    beside: tuple[str, ...] = ()

    def request(self, inputs: Json, region: str) -> Request:
        """Put it."""
        del region
        others = {"bucket", "region", *self.beside}
        ours = {name: inputs[name] for name in self.inputs if name in inputs and name not in others}
        beside = to_api({name: inputs[name] for name in self.beside if name in inputs})
        parameters = {"Bucket": inputs["bucket"], self.body: self.write(ours), **beside}
        return Request("s3", f"Put{self.aspect}", parameters)

    def create(self, api: Api, inputs: Json) -> str:
        """Put it; an earlier one is overwritten, as by the real plugin."""
        make(api, self.request(inputs, api.region))
        return str(inputs["bucket"])

    def update(self, api: Api, resource_id: str, inputs: Json) -> None:
        """Put it again."""
        del resource_id
        make(api, self.request(inputs, api.region))

    def read(self, api: Api, resource_id: str, inputs: Json) -> Json | None:
        """Look at it."""
        del inputs
        answer = api.find("s3", f"Get{self.aspect}", Bucket=resource_id)
        found = None if answer is None else self.look(answer)
        if answer is None or found is None:
            return None
        beside = {name: value for name, value in from_api(answer).items() if name in self.beside}
        return {"bucket": resource_id, **found, **beside}

    def delete(self, api: Api, resource_id: str, inputs: Json) -> None:
        """End it."""
        del inputs
        operation, parameters = self.off
        api.find("s3", operation, Bucket=resource_id, **parameters)


def _of_bucket(*own: str) -> Json:
    """Return what every setting of a bucket shares, beside the inputs of its own."""
    return {"inputs": ("bucket", "region", *own), "replaces": ("bucket", "region")}


def _rules(inputs: Json) -> Json:
    return {"Rules": to_api(inputs["rules"])}


def _logging(answer: Json) -> Json | None:
    return from_api(answer["LoggingEnabled"]) if "LoggingEnabled" in answer else None


_ACCESS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")

KINDS: dict[str, Kind] = {
    "aws:s3/bucketVersioning:BucketVersioning": _Setting(
        **_of_bucket("versioningConfiguration"),
        aspect="BucketVersioning",
        body="VersioningConfiguration",
        write=lambda inputs: to_api(inputs["versioningConfiguration"]),
        look=lambda answer: {
            "versioningConfiguration": {
                "status": answer.get("Status", "Disabled"),
                "mfaDelete": answer.get("MFADelete", ""),
            }
        },
        # A bucket that once had versions keeps them.
        off=("PutBucketVersioning", {"VersioningConfiguration": {"Status": "Suspended"}}),
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _Setting(
        **_of_bucket("rules"),
        aspect="BucketEncryption",
        body="ServerSideEncryptionConfiguration",
        write=_rules,
        look=lambda answer: {"rules": from_api(answer["ServerSideEncryptionConfiguration"]["Rules"])},
        off=("DeleteBucketEncryption", {}),
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _Setting(
        **_of_bucket("rules", "transitionDefaultMinimumObjectSize"),
        aspect="BucketLifecycleConfiguration",
        beside=("transitionDefaultMinimumObjectSize",),
        body="LifecycleConfiguration",
        write=_rules,
        look=lambda answer: {"rules": from_api(answer["Rules"])},
        off=("DeleteBucketLifecycle", {}),
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _Setting(
        **_of_bucket(*_ACCESS),
        defaults=dict.fromkeys(_ACCESS, False),
        aspect="PublicAccessBlock",
        body="PublicAccessBlockConfiguration",
        look=lambda answer: from_api(answer["PublicAccessBlockConfiguration"]),
        off=("DeletePublicAccessBlock", {}),
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _Setting(
        **_of_bucket("rule"),
        aspect="BucketOwnershipControls",
        body="OwnershipControls",
        write=lambda inputs: {"Rules": [to_api(inputs["rule"])]},
        look=lambda answer: {"rule": from_api(answer["OwnershipControls"]["Rules"][0])},
        off=("DeleteBucketOwnershipControls", {}),
    ),
    "aws:s3/bucketPolicy:BucketPolicy": _Setting(
        **_of_bucket("policy"),
        meanings={"policy": document},
        aspect="BucketPolicy",
        body="Policy",
        write=lambda inputs: inputs["policy"],
        look=lambda answer: {"policy": answer["Policy"]},
        off=("DeleteBucketPolicy", {}),
    ),
    "aws:s3/bucketLogging:BucketLogging": _Setting(
        **_of_bucket("targetBucket", "targetPrefix", "targetObjectKeyFormat"),
        aspect="BucketLogging",
        body="BucketLoggingStatus",
        write=lambda inputs: {"LoggingEnabled": to_api(inputs)},
        look=_logging,
        off=("PutBucketLogging", {"BucketLoggingStatus": {}}),
    ),
}
