"""Policy documents of Amazon S3, KMS and IAM for the trace bucket, its log bucket and its key.

Functions of ARNs that return plain data. They allow access to Tempo and to S3's log delivery alone; the account
administers the key. The reasons are in docs/adr/0009.
"""

from render.names import IRSA_AUDIENCE, POD_IDENTITY_AUDIENCE
from render.text import Config, checksum
from settings.aws_regions import service_host

# The list in Tempo's manual ("Amazon S3 permissions"), and no more.
TEMPO_BUCKET_ACTIONS = ("s3:ListBucket",)
TEMPO_OBJECT_ACTIONS = (
    "s3:DeleteObject",
    "s3:GetObject",
    "s3:GetObjectTagging",
    "s3:PutObject",
    "s3:PutObjectTagging",
)
# On behalf of the caller, S3 requests a data key from KMS for a write, and decrypts one for a read and for each
# part of a large upload.
_TEMPO_KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")
_MIN_TLS_VERSION = "1.2"
# S3 allows at most 63 characters in a bucket's name.
_MAX_BUCKET_NAME_LENGTH = 63
_LOG_SUFFIX = "-logs"
_SSE = "s3:x-amz-server-side-encryption"


def log_bucket_name(bucket: str) -> str:
    """Return the name of the bucket for a bucket's access logs, within S3's limit."""
    name = f"{bucket}{_LOG_SUFFIX}"
    if len(name) <= _MAX_BUCKET_NAME_LENGTH:
        return name
    unique = f"-{checksum(bucket)[:8]}{_LOG_SUFFIX}"
    return f"{bucket[: _MAX_BUCKET_NAME_LENGTH - len(unique)].rstrip('-')}{unique}"


def log_prefix(bucket: str) -> str:
    """Return the folder of a bucket's access logs."""
    return f"{bucket}/"


def trace_bucket_policy(bucket_arn: str, kms_key_arn: str | None) -> Config:
    """Return the policy of the trace bucket: requests that it refuses from everyone.

    With a key every upload must name that key. A negated condition also matches requests that lack the
    condition's header, so the policy refuses an upload without encryption, and `aws:kms` without a key, for which
    S3 would use the account's default key. Without a key (None) an upload may name no encryption, and S3 encrypts
    it with its own key; the policy refuses only other encryption.
    """
    named: Config = {"StringNotEquals": {_SSE: "aws:kms" if kms_key_arn else "AES256"}}
    uploads: list[tuple[str, Config]] = [
        ("OtherEncryption", named if kms_key_arn else named | {"Null": {_SSE: "false"}}),
        ("CustomerProvidedKey", {"Null": {f"{_SSE}-customer-algorithm": "false"}}),
    ]
    if kms_key_arn:
        uploads.append(("OtherKey", {"StringNotEquals": {f"{_SSE}-aws-kms-key-id": kms_key_arn}}))
    return _document(
        *_encrypted_transport(bucket_arn),
        *(_deny(name, "s3:PutObject", [f"{bucket_arn}/*"], condition) for name, condition in uploads),
    )


def access_log_policy(
    log_bucket_arn: str, bucket_arn: str, bucket: str, account_id: str, *, keep_versions: bool
) -> Config:
    """Return the policy of the log bucket: S3 may add the access logs of one bucket of this account.

    With `keep_versions` nobody removes a version of a log for good: logs are evidence, also of who deleted traces.
    A plain deletion leaves the version, and lifecycle rules are not subject to the policy.
    """
    delivery = {
        "Sid": "LogDelivery",
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"{log_bucket_arn}/{log_prefix(bucket)}*",
        "Condition": {
            "ArnLike": {"aws:SourceArn": bucket_arn},
            "StringEquals": {"aws:SourceAccount": account_id},
        },
    }
    keeping = [_deny("Destruction", "s3:DeleteObjectVersion", [f"{log_bucket_arn}/*"])] if keep_versions else []
    return _document(delivery, *_encrypted_transport(log_bucket_arn), *keeping)


def key_policy(account_arn: str) -> Config:
    """Return the key's policy: the account (`arn:aws:iam::…:root`) administers it through its IAM policies.

    It names the account and no user: the key can never be left without an administrator, and nobody can use it
    without an IAM policy of the account that allows it.
    """
    return _document(
        {
            "Sid": "AccountAdministers",
            "Effect": "Allow",
            "Principal": {"AWS": account_arn},
            "Action": "kms:*",
            "Resource": "*",
        }
    )


def tempo_policy(bucket_arn: str, kms_key_arn: str | None, region: str) -> Config:
    """Return the permissions of Tempo's role: its bucket, and the key only through S3 and for that bucket."""
    statements = [
        {"Sid": "Bucket", "Effect": "Allow", "Action": list(TEMPO_BUCKET_ACTIONS), "Resource": bucket_arn},
        {"Sid": "Objects", "Effect": "Allow", "Action": list(TEMPO_OBJECT_ACTIONS), "Resource": f"{bucket_arn}/*"},
    ]
    if kms_key_arn:
        statements.append(_use_of_key(kms_key_arn, bucket_arn, region))
    return _document(*statements)


def pod_identity_trust(cluster_arn: str, namespace: str, service_account: str) -> Config:
    """Return the trust policy of Tempo's role for EKS Pod Identity: Pods of one service account of one cluster.

    EKS sets cluster, namespace and service account as tags of the session that it requests. The service has this
    name in every partition, China's included (EKS's guide for China, "trust policy required by EKS Pod Identity").
    """
    tags = {
        "aws:RequestTag/eks-cluster-arn": cluster_arn,
        "aws:RequestTag/kubernetes-namespace": namespace,
        "aws:RequestTag/kubernetes-service-account": service_account,
    }
    return _document(
        {
            "Sid": "PodsOfTempo",
            "Effect": "Allow",
            "Principal": {"Service": POD_IDENTITY_AUDIENCE},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": {"StringEquals": tags},
        }
    )


def irsa_trust(oidc_provider_arn: str, namespace: str, service_account: str) -> Config:
    """Return the trust policy of Tempo's role for IRSA: tokens of one service account, by the cluster's issuer.

    The audience is a name that the token carries, not a host: it is the same in China (eksctl's issue 1910).
    """
    issuer = oidc_provider_arn.partition(":oidc-provider/")[2]
    claims = {
        f"{issuer}:aud": IRSA_AUDIENCE,
        f"{issuer}:sub": f"system:serviceaccount:{namespace}:{service_account}",
    }
    return _document(
        {
            "Sid": "PodsOfTempo",
            "Effect": "Allow",
            "Principal": {"Federated": oidc_provider_arn},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": claims},
        }
    )


def _use_of_key(kms_key_arn: str, bucket_arn: str, region: str) -> Config:
    return {
        "Sid": "KeyThroughS3",
        "Effect": "Allow",
        "Action": list(_TEMPO_KEY_ACTIONS),
        "Resource": kms_key_arn,
        "Condition": {
            "StringEquals": {"kms:ViaService": service_host("s3", region)},
            # The bucket if it uses a bucket key, otherwise the object.
            "StringLike": {"kms:EncryptionContext:aws:s3:arn": [bucket_arn, f"{bucket_arn}/*"]},
        },
    }


def _encrypted_transport(bucket_arn: str) -> list[Config]:
    """Return the statements that refuse plain HTTP and TLS versions that are known to be broken."""
    everything = [bucket_arn, f"{bucket_arn}/*"]
    return [
        _deny("PlainHttp", "s3:*", everything, {"Bool": {"aws:SecureTransport": "false"}}),
        _deny("OldTls", "s3:*", everything, {"NumericLessThan": {"s3:TlsVersion": _MIN_TLS_VERSION}}),
    ]


def _deny(name: str, action: str, resources: list[str], condition: Config | None = None) -> Config:
    statement: Config = {
        "Sid": f"Refuse{name}",
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": resources,
    }
    return statement | ({"Condition": condition} if condition else {})


def _document(*statements: Config) -> Config:
    return {"Version": "2012-10-17", "Statement": list(statements)}
