"""Cases of `settings/checks/store.py`."""

from settings.checks import store
from tests.support.stacks import ABSENT, sections
from tests.unit.settings.cases import IMAGE, Case

MINIO = sections("dojo")["object_store"]["minio"]
AWS = sections("prod")["object_store"]["aws"]
PROVIDER = (
    "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
)

CASES = (
    Case(
        store.store_settings_fit_its_kind,
        "dojo",
        {"object_store.minio": ABSENT},
        'object_store.minio: is required by object_store.kind "minio" (got nothing; allowed a value). '
        "Add it, or change object_store.kind.",
        {"object_store.minio": MINIO},
    ),
    Case(
        store.store_settings_fit_its_kind,
        "prod",
        {"object_store.endpoint": "store.internal:9000"},
        'object_store.endpoint: does not apply to object_store.kind "aws_s3" '
        '(got "store.internal:9000"; allowed nothing). '
        "Remove it, or change object_store.kind.",
        {
            "object_store.kind": "s3_compatible",
            "object_store.endpoint": "store.internal:9000",
            "object_store.aws": ABSENT,
            "object_store.encryption": "sse_s3",
            "images.object_store_client": IMAGE,
        },
    ),
    Case(
        store.store_settings_fit_its_kind,
        "dojo",
        {"object_store.plain_http": True},
        'object_store.plain_http: only applies to object_store.kind "s3_compatible", not "minio" '
        "(got true; allowed false). Remove it.",
        {"object_store.plain_http": False},
    ),
    Case(
        store.encryption_fits_the_store,
        "dojo",
        {"object_store.encryption": "sse_kms"},
        'object_store.encryption: is not supported by object_store.kind "minio" '
        '(got "sse_kms"; allowed none or sse_s3). Set it to none or sse_s3.',
        {"object_store.encryption": "none"},
    ),
    Case(
        store.encryption_fits_the_store,
        "prod",
        {"object_store.encryption": "none"},
        'object_store.encryption: is not supported by object_store.kind "aws_s3" '
        '(got "none"; allowed sse_s3 or sse_kms). Set it to sse_s3 or sse_kms.',
        {"object_store.encryption": "sse_s3"},
    ),
    Case(
        store.images_of_the_store_are_set,
        "dojo",
        {"images.object_store": ABSENT},
        'images.object_store: is required by object_store.kind "minio" '
        "(got nothing; allowed an image). Add its repository and tag.",
        {"images.object_store": IMAGE},
    ),
    Case(
        store.images_of_the_store_are_set,
        "dojo",
        {"images.object_store_client": ABSENT},
        'images.object_store_client: is required by object_store.kind "minio" '
        "(got nothing; allowed an image). Add its repository and tag.",
        {"images.object_store_client": IMAGE},
    ),
    Case(
        store.store_settings_fit_its_kind,
        "prod",
        {"object_store.aws": ABSENT},
        'object_store.aws: is required by object_store.kind "aws_s3" (got nothing; allowed a value). '
        "Add it, or change object_store.kind.",
        {"object_store.aws": AWS},
    ),
    Case(
        store.irsa_has_its_oidc_provider,
        "prod",
        {"object_store.aws.identity": "irsa"},
        'object_store.aws.oidc_provider_arn: is required by object_store.aws.identity "irsa" '
        "(got nothing; allowed the provider's ARN). Add it, or change object_store.aws.identity.",
        {"object_store.aws.identity": "irsa", "object_store.aws.oidc_provider_arn": PROVIDER},
    ),
    Case(
        store.irsa_has_its_oidc_provider,
        "prod",
        {"object_store.aws.oidc_provider_arn": PROVIDER},
        'object_store.aws.oidc_provider_arn: does not apply to object_store.aws.identity "pod_identity" '
        f'(got "{PROVIDER[:78]}…; allowed nothing). Remove it, or change object_store.aws.identity.',
        {},
    ),
    Case(
        store.noncurrent_versions_reach_glacier_before_they_expire,
        "prod",
        {"object_store.aws.glacier_noncurrent_after_days": 3},
        "object_store.aws.glacier_noncurrent_after_days: is not less than object_store.noncurrent_expiry_days, so "
        "versions would expire before they move (got 3; allowed less than 3). "
        "Remove it, lower it, or raise object_store.noncurrent_expiry_days.",
        {"object_store.aws.glacier_noncurrent_after_days": 2},
    ),
    Case(
        store.noncurrent_versions_reach_glacier_before_they_expire,
        "prod",
        {"object_store.aws.glacier_noncurrent_after_days": 2, "object_store.versioning": False},
        "object_store.aws.glacier_noncurrent_after_days: has no effect, because object_store.versioning is off "
        "(got 2; allowed nothing). Remove it, or turn versioning on.",
        {"object_store.aws.glacier_noncurrent_after_days": 2, "object_store.versioning": True},
    ),
)
