"""Clients of the simulated cloud, for reading back the created resources."""

from typing import TYPE_CHECKING

import boto3

from lab.commands.look import cloud_session
from tests.support.live import LiveStack

if TYPE_CHECKING:
    from mypy_boto3_eks import EKSClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client


def _session(stack: LiveStack) -> tuple[boto3.Session, str]:
    environment = stack.target.environment
    session = cloud_session(environment, stack.settings.object_store.region)
    return session, environment["AWS_ENDPOINT_URL"]


def s3(stack: LiveStack) -> "S3Client":
    """Return a client of the stack's region."""
    session, address = _session(stack)
    return session.client("s3", endpoint_url=address)


def kms(stack: LiveStack) -> "KMSClient":
    """Return a client of the stack's region."""
    session, address = _session(stack)
    return session.client("kms", endpoint_url=address)


def iam(stack: LiveStack) -> "IAMClient":
    """Return a client."""
    session, address = _session(stack)
    return session.client("iam", endpoint_url=address)


def eks(stack: LiveStack) -> "EKSClient":
    """Return a client of the stack's region."""
    session, address = _session(stack)
    return session.client("eks", endpoint_url=address)
