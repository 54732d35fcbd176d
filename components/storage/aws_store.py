"""The trace store on Amazon S3: provider, bucket, and the identity with which Tempo uses it."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.storage.identity_token import IdentityToken
from components.storage.tempo_identity import TempoIdentity, TempoIdentityArgs
from components.storage.trace_bucket import TraceBucket, TraceBucketArgs
from render.names import TEMPO
from render.text import Config
from settings.environment import Environment
from settings.object_store import Aws, ObjectStore
from settings.project import PROJECT


@dataclass(frozen=True, kw_only=True)
class AwsStoreArgs:
    """Settings, and the rendered lifecycle of the bucket."""

    namespace: pulumi.Input[str]
    environment: Environment
    store: ObjectStore
    aws: Aws
    lifecycle: list[Config]


class AwsStore(pulumi.ComponentResource):
    """A bucket on Amazon S3 and Tempo's identity; a resource that depends on this component finds both ready.

    `kms_key_arn` is None where S3's own key encrypts; otherwise Tempo must name the key in every upload.
    `service_account_annotations` belong on Tempo's service account, and `identity_token` into its Pods.
    """

    bucket_name: pulumi.Output[str]
    kms_key_arn: pulumi.Output[str] | None
    role_arn: pulumi.Output[str]
    service_account_annotations: dict[str, pulumi.Output[str]]
    identity_token: IdentityToken

    def __init__(self, name: str, args: AwsStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create everything in the region and account of the settings, whatever the operator's defaults are."""
        super().__init__("fawkes:tracing:AwsStore", name, None, opts)
        self._name, self._args = name, args
        provider = self._aws_provider()
        invoke = pulumi.InvokeOptions(provider=provider)
        self._account_id = aws.get_caller_identity_output(opts=invoke).account_id
        self._partition = aws.get_partition_output(opts=invoke).partition
        child = pulumi.ResourceOptions(parent=self, providers=[provider])
        bucket = self._bucket(child)
        identity = self._identity(bucket, child)
        self.bucket_name, self.kms_key_arn = bucket.bucket_name, bucket.kms_key_arn
        self.role_arn = identity.role_arn
        self.service_account_annotations = identity.service_account_annotations
        self.identity_token = identity.token
        self.register_outputs(
            {"bucket_name": self.bucket_name, "kms_key_arn": self.kms_key_arn, "role_arn": self.role_arn}
        )

    def _aws_provider(self) -> aws.Provider:
        """Return the provider; it refuses credentials of another account before anything is created."""
        environment, settings = self._args.environment, self._args.aws
        tags = {"Project": PROJECT, "Environment": environment.name, "Team": environment.team}
        return aws.Provider(
            f"{self._name}-provider",
            region=self._args.store.region,
            profile=settings.profile,
            allowed_account_ids=[settings.account_id] if settings.account_id else None,
            assume_roles=self._assumed_roles(),
            default_tags=aws.ProviderDefaultTagsArgs(tags=tags),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _assumed_roles(self) -> list[aws.ProviderAssumeRoleArgs] | None:
        """Return the role to assume, in a session that CloudTrail shows by the stack's name."""
        role = self._args.aws.assume_role_arn
        if role is None:
            return None
        session = f"{PROJECT}-{self._args.environment.name}"
        return [aws.ProviderAssumeRoleArgs(role_arn=role, session_name=session)]

    def _bucket(self, child: pulumi.ResourceOptions) -> TraceBucket:
        args = self._args
        return TraceBucket(
            f"{self._name}-traces",
            TraceBucketArgs(
                environment=args.environment,
                store=args.store,
                aws=args.aws,
                account_id=self._account_id,
                partition=self._partition,
                lifecycle=args.lifecycle,
            ),
            child,
        )

    def _identity(self, bucket: TraceBucket, child: pulumi.ResourceOptions) -> TempoIdentity:
        args = self._args
        return TempoIdentity(
            f"{self._name}-identity",
            TempoIdentityArgs(
                namespace=args.namespace,
                service_account=TEMPO,
                settings=args.aws,
                region=args.store.region,
                account_id=self._account_id,
                partition=self._partition,
                bucket_arn=bucket.bucket_arn,
                kms_key_arn=bucket.kms_key_arn,
            ),
            child,
        )
