"""Read the facts about an account of Amazon Web Services; nothing is changed."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from ready.add_ons import POD_IDENTITY_AGENT
from ready.aws_actions import actions_of
from ready.aws_client import AwsClient, code_of
from ready.cluster_client import certificate
from ready.facts import AwsFacts, Caller, EksCluster, OidcProvider, Refused, Unknown
from ready.needs import Needs
from ready.seen import seen
from render.names import POD_IDENTITY_AUDIENCE, TEMPO
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
    found = client.anywhere("sts", lambda sts: sts.get_caller_identity())
    return Caller(account=found["Account"], arn=found["Arn"])


def _region(client: AwsClient, region: str) -> str | None:
    found = client.anywhere("ec2", lambda ec2: ec2.describe_regions(AllRegions=True)["Regions"])
    states = {one["RegionName"]: one.get("OptInStatus", "opt-in-not-required") for one in found}
    return states.get(region)


def _if_there(read: Callable[[], Any]) -> Any:  # noqa: ANN401 - any answer
    """Return an answer, None when there is no such object."""
    try:
        return read()
    except ClientError as error:
        if code_of(error) in _ABSENT:
            return None
        raise


def _cluster(client: AwsClient, name: str) -> EksCluster | None:
    answer = _if_there(lambda: client.service("eks").describe_cluster(name=name))
    if answer is None:
        return None
    found = answer["cluster"]
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


def _refused(client: AwsClient, needs: Needs, aws: Aws, caller: Caller) -> tuple[Refused, ...]:
    """Return the actions that the policies of the caller do not allow, by IAM's simulator."""
    types = frozenset(kind for kind, _ in needs.aws)
    simulate = client.service("iam").get_paginator("simulate_principal_policy")
    principal, refused = _principal(client, caller), set()
    for prefix, resources in _resources(needs, aws, caller).items():
        # IAM is asked in one region of the partition, whichever region the stack is in.
        region = client.home if prefix == "iam:" else needs.settings.object_store.region
        pages = simulate.paginate(
            PolicySourceArn=principal,
            ActionNames=actions_of(types, prefix),
            ResourceArns=resources,
            ContextEntries=[
                _context("iam:PassedToService", POD_IDENTITY_AUDIENCE),
                _context("aws:RequestedRegion", region),
            ],
        )
        results = [one for page in pages for one in page["EvaluationResults"]]
        refused |= {_refusal(one) for one in results if one["EvalDecision"] != _ALLOWED}
    return tuple(sorted(refused, key=lambda one: one.action))


def _context(key: str, value: str) -> dict[str, Any]:
    return {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}


def _refusal(result: Mapping[str, Any]) -> Refused:
    # IAM names the missing keys for each resource if there are several.
    parts = [result, *result.get("ResourceSpecificResults", [])]
    missing = {key for part in parts for key in part.get("MissingContextValues", [])}
    return Refused(result["EvalActionName"], tuple(sorted(missing)))


def _principal(client: AwsClient, caller: Caller) -> str:
    """Return the ARN of the user or role behind the credentials; a session's ARN lacks the role's path."""
    resource = caller.arn.rpartition(":")[2]
    if not resource.startswith("assumed-role/"):
        return caller.arn
    return str(client.service("iam").get_role(RoleName=resource.split("/")[1])["Role"]["Arn"])


def _resources(needs: Needs, aws: Aws, caller: Caller) -> dict[str, list[str]]:
    """Return the ARNs on which actions are simulated, by the beginning of the actions' names."""
    store, partition = needs.settings.object_store, caller.partition
    roles = [name for kind, name in needs.aws if kind == "aws:iam/role:Role"]
    eks = f"arn:{partition}:eks:{store.region}:{caller.account}"
    # EKS names an association when it creates it.
    association = f"{eks}:podidentityassociation/{aws.eks_cluster}/a-00000000000000000"
    found = {
        "s3:": [f"arn:{partition}:s3:::{name}" for name in (store.bucket, log_bucket_name(store.bucket))],
        "iam:": [f"arn:{partition}:iam::{caller.account}:role/{name}{_SUFFIX}" for name in roles],
        # A key's ARN is not known before it is created.
        "kms:": ["*"],
        "eks:Create": [f"{eks}:cluster/{aws.eks_cluster}"],
        "eks:Describe": [association],
        "eks:Tag": [association],
    }
    types = frozenset(kind for kind, _ in needs.aws)
    return {prefix: resources for prefix, resources in found.items() if actions_of(types, prefix)}


def _addon(client: AwsClient, cluster: str) -> str | None:
    eks = client.service("eks")
    answer = _if_there(lambda: eks.describe_addon(clusterName=cluster, addonName=POD_IDENTITY_AGENT))
    return None if answer is None else str(answer["addon"]["status"])


def _provider(client: AwsClient, arn: str) -> OidcProvider | None:
    if not arn:
        return None
    iam = client.service("iam")
    found = _if_there(lambda: iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn))
    if found is None:
        return None
    return OidcProvider(url=str(found["Url"]), audiences=frozenset(found.get("ClientIDList", [])))


def _associated(client: AwsClient, cluster: str, namespace: str) -> bool:
    found = client.service("eks").list_pod_identity_associations(
        clusterName=cluster, namespace=namespace, serviceAccount=TEMPO
    )
    return bool(found["associations"])
