import dataclasses

from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.store_cases import KEY_ARN, PLAIN_HTTP, allow, component, deny, permissions, policy

_NEW_POLICY = dataclasses.replace(policy(text=UNKNOWN), depends_on={})
_UNKNOWN_DOCUMENT = dataclasses.replace(component("", []), outputs={"documents": {"permissions": UNKNOWN}})
_NAMES_KEY = allow("kms:Decrypt", "${kms_key_arn}")

CASES = Cases(
    passes=Case(
        [
            component("permissions", [_NAMES_KEY], kms_key_arn=KEY_ARN),
            permissions(allow("kms:Decrypt", KEY_ARN), of_key=False),
        ]
    ),
    fails=Case(
        [
            component("permissions", [_NAMES_KEY], kms_key_arn=KEY_ARN),
            permissions(allow("kms:*", KEY_ARN), of_key=False),
        ],
        says=["The policy is another than the document"],
    ),
    missing=Case(
        [component("another", []), permissions(text=UNKNOWN, of_key=False)], says=["registers no document for it"]
    ),
    unknown=Case(
        [
            component("permissions", [_NAMES_KEY], kms_key_arn=UNKNOWN),
            permissions(text=UNKNOWN, of_key=False),
        ]
    ),
    more={
        "an unknown policy of a role with a wildcard": Case(
            [component("permissions", [allow("s3:*")]), permissions(text=UNKNOWN, of_key=False)],
            says=["Statement One allows the action s3:*. List the actions"],
        ),
        "an unknown policy of a bucket": Case(
            [component("policy", [deny(PLAIN_HTTP)]), _NEW_POLICY],
        ),
        "an unknown policy of a bucket that lets everybody in over plain HTTP": Case(
            [component("policy", [allow(Principal="*")]), _NEW_POLICY],
            says=["plain HTTP to the bucket itself", "plain HTTP to its objects", "allows access to everybody"],
        ),
        "an unknown policy of a bucket that locks everybody out": Case(
            [component("policy", [deny(PLAIN_HTTP), deny({})]), _NEW_POLICY],
            says=["Statement Two refuses s3:PutBucketPolicy and s3:DeleteBucketPolicy to everybody"],
        ),
        "a wildcard that the environment allows": Case(
            [
                component("permissions", [allow("s3:ListAllMyBuckets", "*")]),
                permissions(text=UNKNOWN, of_key=False),
            ],
            config={"account_wide_actions": ["s3:ListAllMyBuckets"]},
        ),
        "a known policy that nobody registers": Case([permissions(allow(), of_key=False)]),
        "a document that is unknown itself": Case(
            [_UNKNOWN_DOCUMENT, permissions(text=UNKNOWN, of_key=False)],
            says=["documents.permissions is not known"],
        ),
    },
)
