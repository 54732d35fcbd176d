from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.store_cases import KEY_ARN, allow, bucket, component, encryption, key, permissions

_USE = ["kms:Decrypt", "kms:GenerateDataKey"]
_STORE = [key(), bucket(), encryption()]
_NEW_STORE = [key(), bucket(), encryption(key=UNKNOWN)]
_REGISTERED = component("permissions", [allow(), allow(_USE, "${kms_key_arn}")])

CASES = Cases(
    passes=Case([*_STORE, permissions(allow(), allow(_USE, KEY_ARN))]),
    fails=Case(
        [*_STORE, permissions(allow(), allow("kms:Decrypt", KEY_ARN))],
        says=["The policy allows objects of traces and not kms:GenerateDataKey with its key."],
    ),
    missing=Case([*_STORE, permissions(allow())], says=["not kms:Decrypt and kms:GenerateDataKey"]),
    unknown=Case([*_NEW_STORE, _REGISTERED, permissions(text=UNKNOWN)]),
    more={
        "another key": Case([*_STORE, permissions(allow(), allow(_USE, f"{KEY_ARN}9"))], says=["not kms:Decrypt"]),
        "a new key of another component": Case(
            [*_NEW_STORE, _REGISTERED, permissions(text=UNKNOWN, of_key=False)], says=["not kms:Decrypt"]
        ),
        "a policy for another bucket": Case([*_STORE, permissions(allow(resource="arn:aws:s3:::other/*"))]),
        "an unknown policy that nobody registers": Case(
            [*_STORE, permissions(text=UNKNOWN)], says=["its component registers no document"]
        ),
    },
)
