"""The store of all blocks and Tempo's way into it, whichever kind the settings name."""

from dataclasses import dataclass

import pulumi

from components.stack import Stack
from components.storage.access import StoreAccess
from components.storage.aws_store import AwsStore, AwsStoreArgs
from components.storage.object_store import ObjectStore, ObjectStoreArgs


@dataclass(frozen=True, kw_only=True)
class BlockStore:
    """What Tempo needs of a store: how it gets in, and what must be there before it starts."""

    access: StoreAccess
    ready: list[pulumi.Resource]


def block_store(name: str, stack: Stack) -> BlockStore:
    """Create the store: a bucket on Amazon S3, or one in MinIO or any S3-compatible store."""
    settings, aws = stack.settings, stack.settings.object_store.aws
    if aws:
        on_amazon = AwsStore(
            name,
            AwsStoreArgs(
                namespace=stack.namespace,
                environment=settings.environment,
                store=settings.object_store,
                aws=aws,
                lifecycle=stack.rendered.bucket_lifecycle,
            ),
        )
        identity = pulumi.Output.concat(aws.identity, " ", on_amazon.role_arn)
        access = StoreAccess.by_identity(identity, on_amazon.service_account_annotations, on_amazon.kms_key_arn)
        return BlockStore(access=access, ready=[on_amazon])
    files = stack.rendered.bucket_setup
    elsewhere = ObjectStore(name, ObjectStoreArgs(namespace=stack.namespace, settings=settings, setup_files=files))
    return BlockStore(access=StoreAccess.by_keys(elsewhere.keys_secret), ready=elsewhere.ready)
