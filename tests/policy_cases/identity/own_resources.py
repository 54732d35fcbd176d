from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.store_cases import KEY_ARN, allow, bucket, component, document, encryption, key, permissions

_STORE = [key(), bucket(), encryption()]
_NEW_STORE = [key(), bucket(), encryption(key=UNKNOWN)]
_USE = allow("kms:Decrypt", "${kms_key_arn}")
_FOREIGN = "arn:aws:s3:::payroll/*"
_ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
_INLINE = [{"name": "inline", "policy": document(allow(resource=_FOREIGN))}]

CASES = Cases(
    passes=Case([*_STORE, permissions(allow(), allow("kms:Decrypt", KEY_ARN))]),
    fails=Case([*_STORE, permissions(allow(resource=_FOREIGN))], says=[f"Statement One allows {_FOREIGN}"]),
    missing=Case(
        [key(), bucket(), permissions(allow("kms:Decrypt", KEY_ARN))], says=[f"allows {KEY_ARN}, which is not of"]
    ),
    unknown=Case([*_NEW_STORE, component("permissions", [allow(), _USE]), permissions(text=UNKNOWN)]),
    more={
        "a new key of another component": Case(
            [*_NEW_STORE, component("permissions", [_USE]), permissions(text=UNKNOWN, of_key=False)],
            says=["allows ${kms_key_arn}, which is not of this stack"],
        ),
        "a wildcard, which is the matter of another rule": Case(
            [*_STORE, permissions(allow(resource=["*", "arn:aws:s3:::*"]))]
        ),
        "a managed policy": Case(
            [Given("aws:iam/role:Role", "role", {"managedPolicyArns": [_ADMIN]})],
            says=["AdministratorAccess, which is not in this stack"],
        ),
        "an attached policy": Case(
            [Given(_ATTACHMENT, "attached", {"policyArn": _ADMIN})], says=["a policy that is not in this stack"]
        ),
        "an attached policy of the stack": Case(
            [
                Given("aws:iam/policy:Policy", "own", {"policy": document()}),
                Given(_ATTACHMENT, "attached", {"policyArn": UNKNOWN}, {"policyArn": ["own"]}),
            ]
        ),
        "a policy inside the role": Case(
            [bucket(), Given("aws:iam/role:Role", "role", {"inlinePolicies": _INLINE})],
            says=[f"allows {_FOREIGN}"],
        ),
    },
)
