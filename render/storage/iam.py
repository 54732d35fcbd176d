"""Policy documents of Amazon S3, KMS and IAM: who may do what with the bucket of all blocks and with its key.

Functions of ARNs to plain data; nothing here allows anybody but Tempo and S3's own log delivery anything.
Why they read as they do is in docs/adr/0009.
"""

from render.text import Config, checksum

# What Tempo's manual lists for its bucket ("Amazon S3 permissions"), and no more.
TEMPO_BUCKET_ACTIONS = ("s3:ListBucket",)
TEMPO_OBJECT_ACTIONS = (
    "s3:DeleteObject",
    "s3:GetObject",
    "s3:GetObjectTagging",
    "s3:PutObject",
    "s3:PutObjectTagging",
)
# To write S3 asks KMS for a data key in the caller's name; to read, and for each part of a large upload,
# to decrypt one.
_TEMPO_KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")
_OLDEST_TLS = "1.2"
# S3: a bucket's name has at most 63 characters.
_LONGEST_BUCKET_NAME = 63
_LOG_SUFFIX = "-logs"
_SSE = "s3:x-amz-server-side-encryption"


def log_bucket_name(bucket: str) -> str:
    """Return the name of the bucket that takes another one's access logs, within S3's limit."""
    name = f"{bucket}{_LOG_SUFFIX}"
    if len(name) <= _LONGEST_BUCKET_NAME:
        return name
    unique = f"-{checksum(bucket)[:8]}{_LOG_SUFFIX}"
    return f"{bucket[: _LONGEST_BUCKET_NAME - len(unique)].rstrip('-')}{unique}"


def log_prefix(bucket: str) -> str:
    """Return the folder of a bucket's access logs."""
    return f"{bucket}/"


def trace_bucket_policy(bucket_arn: str, kms_key_arn: str | None) -> Config:
    """Return the policy of the bucket of all blocks: what it refuses, whoever asks.

    With a key every upload must name it. A negated condition holds also when the request does not name
    what it asks for, so this refuses an upload without encryption, and `aws:kms` without a key, for which
    S3 would take the account's default key. Without a key (None) S3 encrypts with its own what names no
    encryption, which is what the bucket is for; only another one is refused.
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


def access_log_policy(log_bucket_arn: str, bucket_arn: str, bucket: str, account_id: str) -> Config:
    """Return the policy of the bucket for access logs: S3 may add those of one bucket of this account."""
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
    return _document(delivery, *_encrypted_transport(log_bucket_arn))


def key_policy(account_arn: str) -> Config:
    """Return the key's policy: the account administers it, by policies of its own; `arn:aws:iam::…:root`.

    It names the account and no user: the key cannot become nobody's, and opens to nobody whom no other
    policy of the account allows it.
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
    """Return what Tempo's role may do: its bucket, and the key through S3 and for that bucket alone."""
    statements = [
        {"Sid": "Bucket", "Effect": "Allow", "Action": list(TEMPO_BUCKET_ACTIONS), "Resource": bucket_arn},
        {"Sid": "Objects", "Effect": "Allow", "Action": list(TEMPO_OBJECT_ACTIONS), "Resource": f"{bucket_arn}/*"},
    ]
    if kms_key_arn:
        statements.append(_use_of_key(kms_key_arn, bucket_arn, region))
    return _document(*statements)


def pod_identity_trust(cluster_arn: str, namespace: str, service_account: str) -> Config:
    """Return who may be Tempo: Pods of this account, of this cluster, in the name of EKS Pod Identity.

    EKS states cluster, namespace and account as tags of the session that it asks for.
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
            "Principal": {"Service": "pods.eks.amazonaws.com"},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": {"StringEquals": tags},
        }
    )


def irsa_trust(oidc_provider_arn: str, namespace: str, service_account: str) -> Config:
    """Return who may be Tempo: holders of the service account's token for AWS, by the cluster's issuer."""
    issuer = oidc_provider_arn.partition(":oidc-provider/")[2]
    claims = {
        f"{issuer}:aud": "sts.amazonaws.com",
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
            "StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"},
            # The bucket with its bucket key, an object without.
            "StringLike": {"kms:EncryptionContext:aws:s3:arn": [bucket_arn, f"{bucket_arn}/*"]},
        },
    }


def _encrypted_transport(bucket_arn: str) -> list[Config]:
    """Return refusals of plain HTTP, and of a TLS that is known to be broken."""
    everything = [bucket_arn, f"{bucket_arn}/*"]
    return [
        _deny("PlainHttp", "s3:*", everything, {"Bool": {"aws:SecureTransport": "false"}}),
        _deny("OldTls", "s3:*", everything, {"NumericLessThan": {"s3:TlsVersion": _OLDEST_TLS}}),
    ]


def _deny(name: str, action: str, resources: list[str], condition: Config) -> Config:
    return {
        "Sid": f"Refuse{name}",
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": resources,
        "Condition": condition,
    }


def _document(*statements: Config) -> Config:
    return {"Version": "2012-10-17", "Statement": list(statements)}
