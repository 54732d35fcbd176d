"""Read the facts about an account of Amazon Web Services; nothing is changed."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from ready.aws_actions import actions_of
from ready.aws_client import AwsClient, code_of
from ready.cluster_client import certificate
from ready.facts import AwsFacts, Caller, EksCluster, Unknown
from ready.needs import Needs
from ready.seen import seen
from render.names import TEMPO
from render.storage.iam import log_bucket_name
from settings.object_store import Aws

# How progress names the facts whose names say too little.
_SHOWN = {
    "cluster": "EKS cluster",
    "refused": "permissions",
    "addon": "add-on of Pod Identity",
    "provider": "OIDC provider",
    "associated": "association of Tempo's role",
}
_ADD_ON = "eks-pod-identity-agent"
_ABSENT = {"ResourceNotFoundException", "NoSuchEntity", "NoSuchEntityException"}
_MISSING, _MOVED, _FORBIDDEN = "404", "301", "403"
_ALLOWED = "allowed"
# The engine completes a role's name with a suffix of seven characters; a policy may end in `*` for it.
_SUFFIX = "-0000000"


def aws_facts(needs: Needs, aws: Aws, tell: Callable[[str], None]) -> AwsFacts:
    """Return the facts; without working credentials all of them are unknown."""
    store = needs.settings.object_store
    tell("account: credentials")
    client = seen(lambda: AwsClient(aws, store.region))
    if isinstance(client, Unknown):
        return _nothing(client)
    caller = seen(lambda: _caller(client))
    if isinstance(caller, Unknown):
        return _nothing(caller)
    reads: Mapping[str, Callable[[], Any]] = {
        "region": partial(_region, client, store.region),
        "cluster": partial(_cluster, client, aws.eks_cluster),
        "buckets": partial(_buckets, client, store.bucket, store.region, caller.account),
        "refused": partial(_refused, client, needs, aws, caller),
        "addon": partial(_addon, client, aws.eks_cluster),
        "provider": partial(_provider, client, aws.oidc_provider_arn or ""),
        "associated": partial(_associated, client, aws.eks_cluster, needs.namespace),
    }
    facts: dict[str, Any] = {}
    for name, read in reads.items():
        tell(f"account: {_SHOWN.get(name, name)}")
        nowhere = name in {"cluster", "buckets", "addon", "associated"} and facts["region"] is None
        facts[name] = Unknown(f"there is no region {store.region}") if nowhere else seen(read)
    return AwsFacts(caller=caller, **facts)


def _nothing(caller: Unknown) -> AwsFacts:
    names = [name for name in AwsFacts.__dataclass_fields__ if name != "caller"]
    return AwsFacts(caller=caller, **dict.fromkeys(names, Unknown("no AWS credentials work")))


def _caller(client: AwsClient) -> Caller:
    found = client.everywhere("sts").get_caller_identity()
    return Caller(account=found["Account"], arn=found["Arn"])


def _region(client: AwsClient, region: str) -> str | None:
    found = client.everywhere("ec2").describe_regions(AllRegions=True)["Regions"]
    states = {one["RegionName"]: one.get("OptInStatus", "opt-in-not-required") for one in found}
    return states.get(region)


def _cluster(client: AwsClient, name: str) -> EksCluster | None:
    try:
        found = client.service("eks").describe_cluster(name=name)["cluster"]
    except ClientError as error:
        if code_of(error) in _ABSENT:
            return None
        raise
    return EksCluster(
        endpoint=found.get("endpoint", ""),
        authority=certificate(found.get("certificateAuthority", {}).get("data", "")),
        status=found["status"],
        issuer=found.get("identity", {}).get("oidc", {}).get("issuer", ""),
        auto_mode=bool(found.get("computeConfig", {}).get("enabled")),
    )


def _buckets(client: AwsClient, bucket: str, region: str, account: str) -> dict[str, str]:
    return {name: _bucket(client, name, region, account) for name in (bucket, log_bucket_name(bucket))}


def _bucket(client: AwsClient, name: str, region: str, account: str) -> str:
    try:
        # The client follows S3's redirection to another region.
        found = client.service("s3").head_bucket(Bucket=name, ExpectedBucketOwner=account)
    except ClientError as error:
        code = str(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", ""))
        headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
        elsewhere = headers.get("x-amz-bucket-region", "another region")
        states = {_MISSING: "free", _FORBIDDEN: "foreign", _MOVED: str(elsewhere)}
        if code not in states:
            raise
        return states[code]
    where = str(found.get("BucketRegion", region))
    return "own" if where == region else where


def _refused(client: AwsClient, needs: Needs, aws: Aws, caller: Caller) -> tuple[str, ...]:
    """Return the actions that the policies of the caller do not allow, by IAM's simulator."""
    types = frozenset(kind for kind, _ in needs.aws)
    simulate = client.everywhere("iam").get_paginator("simulate_principal_policy")
    principal, refused = _principal(client, caller), set()
    for service, resources in _resources(needs, aws, caller).items():
        pages = simulate.paginate(
            PolicySourceArn=principal,
            ActionNames=actions_of(types, service),
            ResourceArns=resources,
            ContextEntries=[
                {
                    "ContextKeyName": "iam:PassedToService",
                    "ContextKeyValues": ["pods.eks.amazonaws.com"],
                    "ContextKeyType": "string",
                }
            ],
        )
        results = [one for page in pages for one in page["EvaluationResults"]]
        refused |= {one["EvalActionName"] for one in results if one["EvalDecision"] != _ALLOWED}
    return tuple(sorted(refused))


def _principal(client: AwsClient, caller: Caller) -> str:
    """Return the ARN of the user or role behind the credentials; a session's ARN lacks the role's path."""
    resource = caller.arn.rpartition(":")[2]
    if not resource.startswith("assumed-role/"):
        return caller.arn
    return str(client.everywhere("iam").get_role(RoleName=resource.split("/")[1])["Role"]["Arn"])


def _resources(needs: Needs, aws: Aws, caller: Caller) -> dict[str, list[str]]:
    """Return the ARNs on which the actions of each service are simulated."""
    store, partition = needs.settings.object_store, caller.partition
    roles = [name for kind, name in needs.aws if kind == "aws:iam/role:Role"]
    cluster = f"arn:{partition}:eks:{store.region}:{caller.account}:cluster/{aws.eks_cluster}"
    found = {
        "s3": [f"arn:{partition}:s3:::{name}" for name in (store.bucket, log_bucket_name(store.bucket))],
        "iam": [f"arn:{partition}:iam::{caller.account}:role/{name}{_SUFFIX}" for name in roles],
        # A key's ARN is not known before it is created.
        "kms": ["*"],
        "eks": [cluster],
    }
    types = frozenset(kind for kind, _ in needs.aws)
    return {service: resources for service, resources in found.items() if actions_of(types, service)}


def _addon(client: AwsClient, cluster: str) -> str | None:
    try:
        return str(client.service("eks").describe_addon(clusterName=cluster, addonName=_ADD_ON)["addon"]["status"])
    except ClientError as error:
        if code_of(error) in _ABSENT:
            return None
        raise


def _provider(client: AwsClient, arn: str) -> str | None:
    if not arn:
        return None
    try:
        return str(client.everywhere("iam").get_open_id_connect_provider(OpenIDConnectProviderArn=arn)["Url"])
    except ClientError as error:
        if code_of(error) in _ABSENT:
            return None
        raise


def _associated(client: AwsClient, cluster: str, namespace: str) -> bool:
    found = client.service("eks").list_pod_identity_associations(
        clusterName=cluster, namespace=namespace, serviceAccount=TEMPO
    )
    return bool(found["associations"])
