"""A role that may do too much or serves too many, and keys in its place."""

from tests.seeds.documents import in_json, in_statement, text
from tests.seeds.seed import Added, Seed, at, put

_PERMISSIONS, _RECORD = "aws:iam/rolePolicy:RolePolicy", "store-identity-permissions"
_STAGING = "arn:aws:s3:::fawkes-tempo-traces-staging"
_KEY = {
    "name": "AWS_ACCESS_KEY_ID",
    "valueFrom": {"secretKeyRef": {"name": "tempo-store", "key": "access_key"}},
}


def _permissions(name: str, action: str, resource: str) -> Added:
    statement = {"Sid": "More", "Effect": "Allow", "Action": action, "Resource": resource}
    return Added(_PERMISSIONS, name, {"role": "tempo", "policy": text(statement)}, like=_RECORD)


SEEDS = (
    Seed(
        name="the role may do everything with the bucket",
        rule="role-allows-no-wildcards",
        resource="debugging",
        says="Statement More allows the action s3:*",
        stack="staging",
        added=(_permissions("debugging", "s3:*", f"{_STAGING}/*"),),
    ),
    Seed(
        name="the role may decrypt with every key",
        rule="role-allows-no-wildcards",
        resource="any-key",
        says="Statement More allows the resource *",
        added=(_permissions("any-key", "kms:Decrypt", "*"),),
    ),
    Seed(
        name="the role reads another team's bucket",
        rule="role-reaches-own-store-only",
        resource="payroll",
        says="Statement More allows arn:aws:s3:::payroll/*, which is not of this stack",
        added=(_permissions("payroll", "s3:GetObject", "arn:aws:s3:::payroll/*"),),
    ),
    Seed(
        name="every Pod of the namespace may assume the role",
        rule="role-trusts-one-service-account",
        resource="store-identity-role",
        says="does not bind aws:RequestTag/kubernetes-namespace and",
        edits={
            "store-identity-role": in_json(
                "assumeRolePolicy",
                in_statement(
                    "PodsOfTempo",
                    Condition={"StringEquals": {"aws:RequestTag/kubernetes-namespace": "fawkes-observability"}},
                ),
            )
        },
    ),
    Seed(
        name="everybody in the account may assume the role",
        rule="role-trusts-one-service-account",
        resource="store-identity-role",
        says="trusts AWS arn:aws:iam::123456789012:root",
        stack="staging",
        edits={
            "store-identity-role": in_json(
                "assumeRolePolicy",
                in_statement("PodsOfTempo", Principal={"AWS": "arn:aws:iam::123456789012:root"}),
            )
        },
    ),
    Seed(
        name="the role is for a service account that is not there",
        rule="role-has-its-service-account",
        resource="store-identity-association",
        says="The stack has no service account tempo-v2",
        edits={"store-identity-association": put("serviceAccount", "tempo-v2")},
    ),
    Seed(
        name="Tempo is given static keys",
        rule="identity-uses-no-static-keys",
        resource="tempo-compactor-server",
        says=" is given AWS_ACCESS_KEY_ID",
        edits={
            "tempo-compactor-server": at(
                "spec.template.spec.containers.0.env", lambda variables: [*(variables or []), _KEY]
            )
        },
    ),
    Seed(
        name="the policy of the bucket is another than the one shown",
        rule="policies-are-known-at-preview",
        resource="store-traces-policy",
        says="The policy is another than the document",
        stack="staging",
        edits={"store-traces-policy": put("policy", text())},
    ),
)
