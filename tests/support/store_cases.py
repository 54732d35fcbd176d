"""Resources of a store on Amazon S3 for the cases of rules, each as small as a rule needs it."""

import json
from typing import Any

from tests.support.policy_engine import UNKNOWN, Given

Document = dict[str, Any]
KEY_ARN = "arn:aws:kms:eu-west-1:123456789012:key/0a1b"
EVERYTHING = ["arn:aws:s3:::traces", "arn:aws:s3:::traces/*"]


def bucket(name: str = "traces", **inputs: Any) -> Given:
    """Return a bucket of that name."""
    return Given("aws:s3/bucket:Bucket", name, {"bucket": name, **inputs})


def guard(kind: str, of: str = "traces", **inputs: Any) -> Given:
    """Return a resource that belongs to the bucket of that name: `guard("Versioning", …)`."""
    name = f"{of}-{kind.lower()}"
    return Given(f"aws:s3/bucket{kind}:Bucket{kind}", name, {"bucket": of, **inputs}, {"bucket": [of]})


def logs() -> list[Given]:
    """Return a bucket for access logs and what sends it those of `traces`."""
    return [bucket("logs"), guard("Logging", targetBucket="logs")]


def encryption(of: str = "traces", key: Any = KEY_ARN, algorithm: str = "aws:kms", **rule: Any) -> Given:
    """Return the encryption of a bucket by the key named `key` in the stack."""
    default = {"sseAlgorithm": algorithm} | ({"kmsMasterKeyId": key} if key else {})
    rules = [{"applyServerSideEncryptionByDefault": default, "bucketKeyEnabled": True, **rule}]
    kind = "ServerSideEncryptionConfiguration"
    depends_on = {"bucket": [of], "rules": ["key"]} if key == UNKNOWN else {"bucket": [of]}
    return Given(
        f"aws:s3/bucket{kind}:Bucket{kind}", f"{of}-encryption", {"bucket": of, "rules": rules}, depends_on
    )


def key(**inputs: Any) -> Given:
    """Return a key of KMS."""
    return Given("aws:kms/key:Key", "key", inputs)


def policy(*statements: Document, of: str = "traces", text: Any = None) -> Given:
    """Return the policy of a bucket with these statements, made by a component; or with this text."""
    inputs = {"bucket": of, "policy": text or document(*statements)}
    return Given("aws:s3/bucketPolicy:BucketPolicy", "policy", inputs, {"bucket": [of]}, parent="component")


def permissions(*statements: Document, text: Any = None, of_key: bool = True) -> Given:
    """Return a role's policy with these statements, computed from the key named `key`; or with this text."""
    inputs = {"role": "role", "policy": text or document(*statements)}
    depends_on = {"policy": ["key"]} if of_key else {}
    return Given("aws:iam/rolePolicy:RolePolicy", "permissions", inputs, depends_on, parent="component")


def component(registered: str, statements: list[Document], **outputs: Any) -> Given:
    """Return the component that registers a document for the policy of that name."""
    documents = {"documents": {registered: document(*statements)}, **outputs}
    return Given("fawkes:tracing:Component", "component", {}, outputs=documents)


def document(*statements: Document) -> str:
    """Return the text of a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any = "s3:GetObject", resource: Any = "arn:aws:s3:::traces/*", **more: Any) -> Document:
    """Return a statement that allows."""
    return {"Sid": "One", "Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(condition: Document, action: Any = "s3:*", resource: Any = None, **more: Any) -> Document:
    """Return a statement that refuses, on everything in `traces` to everybody unless told otherwise."""
    resources = EVERYTHING if resource is None else resource
    base = {"Sid": "Two", "Effect": "Deny", "Principal": "*", "Action": action, "Resource": resources}
    return base | {"Condition": condition} | more


PLAIN_HTTP = {"Bool": {"aws:SecureTransport": "false"}}


def refused_uploads(named_key: str) -> list[Document]:
    """Return the statements that refuse every upload that is not encrypted with this key."""
    sse = "s3:x-amz-server-side-encryption"
    objects = "arn:aws:s3:::traces/*"
    return [
        deny({"StringNotEquals": {sse: "aws:kms"}}, "s3:PutObject", objects),
        deny({"StringNotEquals": {f"{sse}-aws-kms-key-id": named_key}}, "s3:PutObject", objects),
        deny({"Null": {f"{sse}-customer-algorithm": "false"}}, "s3:PutObject", objects),
    ]


def lifecycle(*rules: Document) -> Given:
    """Return the lifecycle of `traces` with these rules, which are in force and for all objects."""
    base = {"status": "Enabled", "filter": {"prefix": ""}}
    return guard("LifecycleConfiguration", rules=[base | rule for rule in rules])
