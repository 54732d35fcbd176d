from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.store_cases import (
    KEY_ARN,
    PLAIN_HTTP,
    bucket,
    component,
    deny,
    encryption,
    key,
    policy,
    refused_uploads,
)

_REFUSED = refused_uploads(KEY_ARN)
_SAYS = [
    "refuses uploads whose encryption is not aws:kms",
    "refuses uploads with another key than the bucket's",
    "refuses uploads with a key that the sender brings",
]
_TWO_KEYS = {"StringNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": [KEY_ARN, "other"]}}

CASES = Cases(
    passes=Case([bucket(), encryption(), policy(*_REFUSED)]),
    fails=Case([bucket(), encryption(), policy(deny(PLAIN_HTTP))], says=_SAYS),
    missing=Case([bucket(), encryption(), policy(*_REFUSED[:2])], says=_SAYS[2:]),
    unknown=Case([bucket(), encryption(), policy(text=UNKNOWN)], says=["its component registers no document"]),
    more={
        "an unknown text that is registered": Case(
            [
                key(),
                bucket(),
                encryption(key=UNKNOWN),
                component("policy", refused_uploads("${kms_key_arn}")),
                policy(text=UNKNOWN),
            ]
        ),
        "an unknown text that is registered and lets uploads pass": Case(
            [
                key(),
                bucket(),
                encryption(key=UNKNOWN),
                component("policy", refused_uploads("${kms_key_arn}")[:1]),
                policy(text=UNKNOWN),
            ],
            says=_SAYS[1:],
        ),
        "another key": Case([bucket(), encryption(), policy(*refused_uploads(f"{KEY_ARN}1"))], says=_SAYS[1:2]),
        "a second key": Case(
            [
                bucket(),
                encryption(),
                policy(_REFUSED[0], deny(_TWO_KEYS, "s3:PutObject", "arn:aws:s3:::traces/*"), _REFUSED[2]),
            ],
            says=_SAYS[1:2],
        ),
        "a bucket without a key": Case([bucket(), encryption(key=None, algorithm="AES256"), policy()]),
    },
)
