"""S3 clients for the tests' stores, with the credentials in the cluster's Secrets."""

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from render.names import MINIO, MINIO_PORT
from tests.support.live import LiveStack

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# No proxy: a proxy for the internet cannot reach the lab.
_CONFIG = Config(s3={"addressing_style": "path"}, proxies={}, connect_timeout=5, read_timeout=30)


def client(endpoint: str, access_key: str, secret_key: str) -> "S3Client":
    """Return a client of the store at a URL."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        region_name="us-east-1",
        config=_CONFIG,
    )


def administrator(stack: LiveStack) -> "S3Client":
    """Return a client of the stack's MinIO with its root credentials."""
    return _minio(stack, "store-minio-root")


def tempo(stack: LiveStack) -> "S3Client":
    """Return a client of the stack's MinIO with Tempo's credentials."""
    return _minio(stack, "store-tempo")


def _minio(stack: LiveStack, secret: str) -> "S3Client":
    (credentials,) = (fields for name, fields in stack.secrets().items() if name.startswith(secret))
    endpoint = f"http://{stack.address(MINIO)}:{MINIO_PORT}"
    return client(endpoint, credentials["access_key"], credentials["secret_key"])
