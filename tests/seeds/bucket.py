"""A bucket that is open, unencrypted or loses traces."""

from tests.seeds.documents import add_statement, in_json, in_statement, text
from tests.seeds.seed import Seed, put

_STAGING = "fawkes-tempo-traces-staging"
_PROD = "fawkes-tempo-traces-prod"
_EVERYTHING = [f"arn:aws:s3:::{_PROD}", f"arn:aws:s3:::{_PROD}/*"]
_PLAIN_HTTP = {
    "Sid": "RefusePlainHttp",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": _EVERYTHING,
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
_ADMIN = "arn:aws:iam::123456789012:role/admin"

SEEDS = (
    Seed(
        name="the trace bucket has no encryption",
        rule="bucket-encrypts-with-own-key",
        resource="store-traces-bucket",
        says="No encryption is configured",
        stack="staging",
        removed=("store-traces-encryption",),
    ),
    Seed(
        name="S3's own key encrypts the traces",
        rule="bucket-encrypts-with-own-key",
        resource="store-traces-encryption",
        says="The bucket encrypts by AES256",
        settings={"object_store.encryption": "sse_s3"},
    ),
    Seed(
        name="S3 asks KMS for each object",
        rule="bucket-encrypts-with-own-key",
        resource="store-traces-encryption",
        says="bucketKeyEnabled is off",
        edits={"store-traces-encryption": put("rules.0.bucketKeyEnabled", value=False)},
    ),
    Seed(
        name="nothing blocks public access",
        rule="bucket-has-every-guard",
        resource="store-traces-bucket",
        says="This bucket has no BucketPublicAccessBlock",
        stack="staging",
        removed=("store-traces-public-access",),
    ),
    Seed(
        name="the log bucket has no lifecycle",
        rule="bucket-has-every-guard",
        resource="store-traces-logs-bucket",
        says="This bucket has no BucketLifecycleConfiguration",
        removed=("store-traces-logs-lifecycle",),
    ),
    Seed(
        name="policies may make the bucket public",
        rule="bucket-blocks-public-access",
        resource="store-traces-public-access",
        says="blockPublicPolicy is off",
        edits={"store-traces-public-access": put("blockPublicPolicy", value=False)},
    ),
    Seed(
        name="the writer of an object owns it",
        rule="bucket-uses-no-acls",
        resource="store-traces-ownership",
        says="objectOwnership is ObjectWriter",
        edits={"store-traces-ownership": put("rule.objectOwnership", "ObjectWriter")},
    ),
    Seed(
        name="deleted blocks cannot be restored",
        rule="bucket-keeps-versions",
        resource="store-traces-versioning",
        says="The status of versioning is Suspended",
        settings={"object_store.versioning": False},
    ),
    Seed(
        name="versioning of the bucket is suspended",
        rule="bucket-keeps-versions",
        resource="store-traces-versioning",
        says="The status of versioning is Suspended",
        edits={"store-traces-versioning": put("versioningConfiguration.status", "Suspended")},
    ),
    Seed(
        name="deleted blocks are gone after a day",
        rule="bucket-deletes-old-versions",
        resource="store-traces-lifecycle",
        says="Old versions are deleted after 1 days; 3 to 30 are allowed.",
        settings={"object_store.noncurrent_expiry_days": 1},
    ),
    Seed(
        name="deleted traces stay for a year",
        rule="bucket-deletes-old-versions",
        resource="store-traces-lifecycle",
        says="Old versions are deleted after 365 days",
        edits={"store-traces-lifecycle": put("rules.10.noncurrentVersionExpiration.noncurrentDays", 365)},
    ),
    Seed(
        name="unfinished uploads stay for a month",
        rule="bucket-aborts-unfinished-uploads",
        resource="store-traces-lifecycle",
        says="Unfinished uploads are removed after 30 days",
        edits={"store-traces-lifecycle": put("rules.9.abortIncompleteMultipartUpload.daysAfterInitiation", 30)},
    ),
    Seed(
        name="live blocks move to Glacier",
        rule="bucket-archives-no-live-blocks",
        resource="store-traces-lifecycle",
        says="Rule backstop-argocd moves live blocks to GLACIER",
        edits={"store-traces-lifecycle": put("rules.0.transitions", [{"days": 30, "storageClass": "GLACIER"}])},
    ),
    Seed(
        name="nobody logs requests",
        rule="bucket-logs-requests",
        resource="store-traces-bucket",
        says="Nobody logs the requests",
        stack="staging",
        removed=("store-traces-logging",),
    ),
    Seed(
        name="the bucket keeps its own access logs",
        rule="bucket-logs-requests",
        resource="store-traces-logging",
        says="keeps its own access logs",
        edits={"store-traces-logging": put("targetBucket", _PROD)},
    ),
    Seed(
        name="the bucket locks its objects",
        rule="bucket-has-no-object-lock",
        resource="store-traces-bucket",
        says="created with Object Lock",
        edits={"store-traces-bucket": put("objectLockEnabled", value=True)},
    ),
    Seed(
        name="the bucket is deleted with its traces",
        rule="bucket-survives-deletion",
        resource="store-traces-bucket",
        says="forceDestroy is on",
        edits={"store-traces-bucket": put("forceDestroy", value=True)},
    ),
    Seed(
        name="nothing protects the key from deletion",
        rule="bucket-survives-deletion",
        resource="store-traces-key-key",
        says="The key is not protected from deletion",
        settings={"environment.protect_stateful": False},
    ),
    Seed(
        name="one role may send access logs by plain HTTP",
        rule="bucket-refuses-plain-http",
        resource="store-traces-logs-policy",
        says="No statement refuses plain HTTP to its objects",
        edits={
            "store-traces-logs-policy": in_json(
                "policy", in_statement("RefusePlainHttp", Principal=None, NotPrincipal={"AWS": _ADMIN})
            )
        },
    ),
    Seed(
        name="a bucket policy locks everybody out",
        rule="bucket-stays-manageable",
        resource="store-traces-logs-policy",
        says="Statement Frozen refuses s3:PutBucketPolicy and s3:DeleteBucketPolicy to everybody",
        edits={
            "store-traces-logs-policy": in_json(
                "policy",
                add_statement(
                    Sid="Frozen",
                    Effect="Deny",
                    Principal="*",
                    Action="s3:*",
                    Resource=[f"arn:aws:s3:::{_PROD}-logs", f"arn:aws:s3:::{_PROD}-logs/*"],
                ),
            )
        },
    ),
    Seed(
        name="a bucket policy lets everybody read",
        rule="bucket-opens-to-nobody",
        resource="store-traces-logs-policy",
        says="Statement Partner allows access to everybody",
        edits={
            "store-traces-logs-policy": in_json(
                "policy",
                add_statement(
                    Sid="Partner", Effect="Allow", Principal="*", Action="s3:GetObject", Resource=_EVERYTHING
                ),
            )
        },
    ),
    Seed(
        name="a bucket policy names another account",
        rule="bucket-opens-to-nobody",
        resource="store-traces-logs-policy",
        says="Statement Partner allows access to AWS arn:aws:iam::999999999999:root",
        stack="staging",
        edits={
            "store-traces-logs-policy": in_json(
                "policy",
                add_statement(
                    Sid="Partner",
                    Effect="Allow",
                    Principal={"AWS": "arn:aws:iam::999999999999:root"},
                    Action="s3:GetObject",
                    Resource=f"arn:aws:s3:::{_STAGING}-logs/*",
                ),
            )
        },
    ),
    Seed(
        name="uploads may name any key",
        rule="bucket-refuses-other-uploads",
        resource="store-traces-policy",
        says="No statement refuses uploads with",
        edits={"store-traces-policy": put("policy", text(_PLAIN_HTTP))},
    ),
)
