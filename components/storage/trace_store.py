"""The bucket that holds all traces and Tempo's access to it, whichever kind the settings name."""

from dataclasses import dataclass

import pulumi

from components.kubernetes.config_map import config_map
from components.kubernetes.scope import Scope
from components.stack import Stack
from components.storage.access import StoreAccess
from components.storage.aws_store import AwsStore, AwsStoreArgs
from components.storage.object_store import ObjectStore, ObjectStoreArgs
from render.names import TEMPO


@dataclass(frozen=True, kw_only=True)
class TraceStore:
    """The bucket's name, how Tempo authenticates, and which resources must exist before Tempo starts."""

    bucket: pulumi.Input[str]
    access: StoreAccess
    ready: list[pulumi.Resource]


def trace_store(name: str, stack: Stack) -> TraceStore:
    """Create the bucket on Amazon S3, in MinIO or at another S3-compatible endpoint."""
    settings, aws = stack.settings, stack.settings.object_store.aws
    if aws:
        s3 = AwsStore(
            name,
            AwsStoreArgs(
                namespace=stack.namespace,
                environment=settings.environment,
                store=settings.object_store,
                aws=aws,
                lifecycle=stack.rendered.bucket_lifecycle,
            ),
            stack.options(),
        )
        identity = pulumi.Output.concat(aws.identity, " ", s3.role_arn)
        scope = Scope(parent=s3, name=name, context=stack.context, component=TEMPO)
        variables = config_map(scope, s3.identity_token.variables, "identity-variables").metadata.name
        access = StoreAccess.by_identity(
            identity, s3.service_account_annotations, s3.kms_key_arn, s3.identity_token, variables
        )
        return TraceStore(bucket=s3.bucket_name, access=access, ready=[s3])
    files = stack.rendered.bucket_setup
    args = ObjectStoreArgs(context=stack.context, settings=settings, setup_files=files)
    store = ObjectStore(name, args, stack.options())
    access = StoreAccess.by_credentials(store.keys_secret)
    return TraceStore(bucket=settings.object_store.bucket, access=access, ready=store.ready)
