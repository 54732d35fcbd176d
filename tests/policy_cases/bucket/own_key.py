from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given

_BUCKET = Given("aws:s3/bucket:Bucket", "traces", {"bucket": "traces"})
_ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"

CASES = Cases(
    passes=Case([_BUCKET, Given(_ENCRYPTION, "encryption", {"bucket": "traces"})]),
    fails=Case([_BUCKET], says=["No encryption is configured"]),
    missing=Case([_BUCKET, Given(_ENCRYPTION, "encryption", {})], says=["No encryption is configured"]),
    unknown=Case([_BUCKET, Given(_ENCRYPTION, "encryption", {"bucket": UNKNOWN}, {"bucket": ["traces"]})]),
)
