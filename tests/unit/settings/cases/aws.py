"""Cases of `settings/checks/aws.py`."""

from settings.checks import aws
from tests.unit.settings.cases import Case

ROLE = "arn:aws:iam::123456789012:role/deployer"
CHINESE_ROLE = "arn:aws-cn:iam::123456789012:role/deployer"
PROVIDER = "arn:aws:iam::{}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"
IRSA = {"object_store.aws.identity": "irsa", "object_store.aws.oidc_provider_arn": PROVIDER.format("123456789012")}
FOREIGN_IRSA = IRSA | {"object_store.aws.oidc_provider_arn": PROVIDER.format("999999999999")}
CONTEXT = "arn:aws:eks:eu-west-1:123456789012:cluster/fawkes-prod"

CASES = (
    Case(
        aws.the_region_exists,
        "prod",
        {"object_store.region": "eu-west-4"},
        "object_store.region: is not a region of Amazon S3 that this release knows "
        '(got "eu-west-4"; allowed eu-west-3 or eu-west-2 or eu-west-1). '
        "Correct it. A region that Amazon has added since belongs into settings/aws_regions.py.",
        {"object_store.region": "eu-west-3"},
    ),
    Case(
        aws.the_region_exists,
        "prod",
        {"object_store.region": "frankfurt"},
        "object_store.region: is not a region of Amazon S3 that this release knows "
        '(got "frankfurt"; allowed a region such as eu-west-1). '
        "Correct it. A region that Amazon has added since belongs into settings/aws_regions.py.",
        {"object_store.region": "eu-central-1"},
    ),
    Case(
        aws.arns_are_of_the_regions_partition,
        "prod",
        {"object_store.aws.assume_role_arn": CHINESE_ROLE},
        'object_store.aws.assume_role_arn: is in another partition than object_store.region "eu-west-1" '
        '(got "arn:aws-cn:…"; allowed arn:aws:…). Correct one of the two.',
        {"object_store.region": "cn-north-1", "object_store.aws.assume_role_arn": CHINESE_ROLE},
    ),
    Case(
        aws.arns_are_of_one_account,
        "prod",
        {"object_store.aws.account_id": "111111111111", "object_store.aws.assume_role_arn": ROLE},
        "object_store.aws.assume_role_arn: is of another account than object_store.aws.account_id "
        "(got 123456789012; allowed 111111111111). Correct one of the two.",
        {"object_store.aws.account_id": "123456789012", "object_store.aws.assume_role_arn": ROLE},
    ),
    Case(
        aws.arns_are_of_one_account,
        "prod",
        {"object_store.aws.assume_role_arn": ROLE, **FOREIGN_IRSA},
        "object_store.aws.oidc_provider_arn: is of another account than object_store.aws.assume_role_arn "
        "(got 999999999999; allowed 123456789012). Correct one of the two.",
        {"object_store.aws.assume_role_arn": ROLE, **IRSA},
    ),
    *(
        Case(
            aws.the_context_is_the_eks_cluster,
            "prod",
            {"cluster": {"context": context}, "object_store.aws.account_id": "123456789012"},
            "cluster.context: is another EKS cluster than object_store names, whose Pods Tempo's role trusts "
            f'(got "{context}"; allowed "{CONTEXT}"). '
            "Correct it, or object_store.region, object_store.aws.account_id or object_store.aws.eks_cluster.",
            accepted,
        )
        for context, accepted in (
            (CONTEXT.replace("fawkes-prod", "fawkes-staging"), {"cluster": {"context": CONTEXT}}),
            (CONTEXT.replace("eu-west-1", "eu-west-3"), {"cluster": {"context": "prod"}}),
            (
                CONTEXT.replace("123456789012", "210987654321"),
                {"cluster": {"context": CONTEXT.replace("123456789012", "210987654321")}},
            ),
            (
                CONTEXT.replace("arn:aws:", "arn:aws-cn:"),
                {"cluster": {"context": CONTEXT}, "object_store.aws.account_id": "123456789012"},
            ),
        )
    ),
    Case(
        aws.irsa_finds_its_token_service,
        "prod",
        {
            "object_store.region": "eusc-de-east-1",
            **IRSA,
            "object_store.aws.oidc_provider_arn": PROVIDER.format("123456789012").replace(
                "arn:aws:", "arn:aws-eusc:"
            ),
        },
        "object_store.aws.identity: does not work in eusc-de-east-1: Tempo's S3 client looks for the token "
        'service below amazonaws.com (got "irsa"; allowed "pod_identity"). Set it to pod_identity.',
        {"object_store.region": "eusc-de-east-1"},
    ),
)
