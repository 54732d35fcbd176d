"""Data that is not encrypted at rest, and secrets outside Secrets."""

from typing import Any

from tests.seeds.seed import Added, Seed, at, put

_ENV = "spec.template.spec.containers.0.env"
_PASSWORD = {"name": "KAFKA_PASSWORD", "value": "hunter2-planted"}


def _without_key(variables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in variables if each["name"] != "MINIO_KMS_SECRET_KEY"]


SEEDS = (
    Seed(
        name="ingesters write to an unencrypted class",
        rule="claims-use-encrypted-classes",
        resource="tempo-ingester-server",
        says="Claim data uses StorageClass gp2",
        settings={"cluster": {"storage_class": "gp2"}},
    ),
    Seed(
        name="the gateway queues on an unencrypted class",
        rule="claims-use-encrypted-classes",
        resource="gateway-server",
        says="Claim queue uses StorageClass standard",
        stack="staging",
        edits={"gateway-server": put("spec.volumeClaimTemplates.0.spec.storageClassName", "standard")},
    ),
    Seed(
        name="MinIO has no key to encrypt with",
        rule="minio-encrypts-at-rest",
        resource="store-minio-server",
        says="container minio has no key to encrypt with",
        stack="dojo",
        edits={"store-minio-server": at(_ENV, _without_key)},
    ),
    Seed(
        name="no bucket of MinIO is encrypted",
        rule="minio-encrypts-at-rest",
        resource="store-minio-server",
        says="container minio encrypts nothing by default",
        stack="dojo",
        settings={"object_store.encryption": "none"},
    ),
    Seed(
        name="a password is in a Pod's plain variables",
        rule="secrets-stay-in-secrets",
        resource="gateway-server",
        says="has the secret KAFKA_PASSWORD as plain text",
        edits={"gateway-server": at(_ENV, lambda variables: [*(variables or []), _PASSWORD])},
    ),
    Seed(
        name="an access key is in a ConfigMap",
        rule="secrets-stay-in-secrets",
        resource="store-setup-files",
        says="File backup of the ConfigMap holds",
        stack="dojo",
        edits={"store-setup-files": put("data.backup", "aws_secret_access_key = hunter2-planted\n")},
    ),
    Seed(
        name="a generated key is plain text in the state",
        rule="secrets-are-generated-as-secrets",
        resource="store-backup-secret-key",
        says="A RandomString generates this secret",
        stack="dojo",
        added=(
            Added(
                "random:index/randomString:RandomString",
                "store-backup-secret-key",
                {"length": 40},
                like="store-tempo-secret-key",
            ),
        ),
    ),
)
