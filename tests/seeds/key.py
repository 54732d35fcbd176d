"""A key that is not rotated, is lost too soon, or is open to others."""

from tests.seeds.documents import add_statement, in_json, in_statement, text
from tests.seeds.seed import Seed, drop, put

_PROD = "arn:aws:s3:::fawkes-tempo-traces-prod"

SEEDS = (
    Seed(
        name="the key is not rotated",
        rule="key-rotates",
        resource="store-traces-key-key",
        says="enableKeyRotation is off",
        edits={"store-traces-key-key": drop("enableKeyRotation")},
    ),
    Seed(
        name="the key is gone after a week",
        rule="key-deletion-can-be-undone",
        resource="store-traces-key-key",
        says="final after 7 days; at least 30",
        settings={"object_store.aws.kms_deletion_window_days": 7},
    ),
    Seed(
        name="everybody may decrypt",
        rule="key-opens-to-nobody",
        resource="store-traces-key-key",
        says="Statement Reader lets everybody use the key",
        edits={
            "store-traces-key-key": in_json(
                "policy",
                add_statement(Sid="Reader", Effect="Allow", Principal="*", Action="kms:Decrypt", Resource="*"),
            )
        },
    ),
    Seed(
        name="a person administers the key",
        rule="key-opens-to-nobody",
        resource="store-traces-key-key",
        says="user/eve administer the key",
        stack="staging",
        edits={
            "store-traces-key-key": in_json(
                "policy",
                in_statement("AccountAdministers", Principal={"AWS": "arn:aws:iam::123456789012:user/eve"}),
            )
        },
    ),
    Seed(
        name="the key has no alias",
        rule="key-has-alias",
        resource="store-traces-key-key",
        says="The key has no alias",
        stack="staging",
        removed=("store-traces-key-alias",),
    ),
    Seed(
        name="Tempo may not use the key of its bucket",
        rule="key-is-usable-by-its-role",
        resource="store-identity-permissions",
        says="The policy allows objects of fawkes-tempo-traces-prod and not kms:Decrypt and kms:GenerateDataKey",
        edits={
            "store-identity-permissions": put(
                "policy",
                text({"Sid": "Objects", "Effect": "Allow", "Action": "s3:PutObject", "Resource": f"{_PROD}/*"}),
            )
        },
    ),
)
