from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.store_cases import key

_ALIAS = "aws:kms/alias:Alias"
_NO_ALIAS = "The key has no alias"

CASES = Cases(
    passes=Case([key(), Given(_ALIAS, "alias", {"targetKeyId": "0a1b"}, {"targetKeyId": ["key"]})]),
    fails=Case([key()], says=[_NO_ALIAS]),
    missing=Case([key(), Given(_ALIAS, "alias", {})], says=[_NO_ALIAS]),
    unknown=Case([key(), Given(_ALIAS, "alias", {"targetKeyId": UNKNOWN}, {"targetKeyId": ["key"]})]),
)
