"""The trace bucket on Amazon S3."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.protection import retained_options, stateful_options
from components.storage import buckets
from components.storage.access_logs import AccessLogs, AccessLogsArgs
from components.storage.documents import DOCUMENTS, KMS_KEY_ARN, policy_text, unknown_until_created, with_value
from components.storage.trace_key import TraceKey, TraceKeyArgs
from render.storage.iam import log_prefix, trace_bucket_policy
from render.storage.lifecycle import access_log_rules
from render.text import Config
from settings.environment import Environment
from settings.object_store import Aws, ObjectStore


@dataclass(frozen=True, kw_only=True)
class TraceBucketArgs:
    """Its account and partition, settings, and the rendered lifecycle."""

    environment: Environment
    store: ObjectStore
    aws: Aws
    account_id: pulumi.Input[str]
    partition: pulumi.Input[str]
    lifecycle: list[Config]


class TraceBucket(pulumi.ComponentResource):
    """A bucket with its KMS key; it rejects requests without TLS and uploads unencrypted or with another key.

    `kms_key_arn` is None where S3's own key encrypts.
    """

    bucket_name: pulumi.Output[str]
    bucket_arn: pulumi.Output[str]
    kms_key_arn: pulumi.Output[str] | None

    def __init__(self, name: str, args: TraceBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create key, bucket, protections, lifecycle and access logs."""
        super().__init__("fawkes:tracing:TraceBucket", name, None, opts)
        self._name, self._args = name, args
        self._options = retained_options(self, args.environment)
        self.kms_key_arn = self._key()
        self.bucket_name = buckets.create_bucket(
            f"{name}-bucket", args.store.bucket, args.environment, stateful_options(self, args.environment)
        )
        self.bucket_arn = pulumi.Output.concat("arn:", args.partition, ":s3:::", self.bucket_name)
        buckets.block_public_access(name, self.bucket_name, self._options)
        buckets.set_encryption(name, self.bucket_name, self.kms_key_arn, self._options)
        key = unknown_until_created(KMS_KEY_ARN) if self.kms_key_arn else None
        document = self.bucket_arn.apply(lambda arn: policy_text(trace_bucket_policy(arn, key)))
        policy = with_value(document, KMS_KEY_ARN, self.kms_key_arn)
        buckets.set_policy(name, self.bucket_name, policy, self._options)
        self._versions()
        self._logs()
        outputs = {"bucket_name": self.bucket_name, KMS_KEY_ARN: self.kms_key_arn}
        self.register_outputs(outputs | {DOCUMENTS: {f"{name}-policy": document}})

    def _key(self) -> pulumi.Output[str] | None:
        args = self._args
        if args.store.encryption != "sse_kms":
            return None
        key = TraceKey(
            f"{self._name}-key",
            TraceKeyArgs(
                environment=args.environment,
                alias=args.store.bucket,
                account_arn=pulumi.Output.concat("arn:", args.partition, ":iam::", args.account_id, ":root"),
                deletion_window_days=args.aws.kms_deletion_window_days,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        return key.arn

    def _versions(self) -> None:
        # Suspended even where it was never enabled: S3 has no way back to "never".
        status = "Enabled" if self._args.store.versioning else "Suspended"
        after = buckets.set_versioning(self._name, self.bucket_name, status, self._options)
        buckets.set_lifecycle(self._name, self.bucket_name, self._args.lifecycle, after)

    def _logs(self) -> None:
        """Log every request to a separate bucket."""
        args = self._args
        logs = AccessLogs(
            f"{self._name}-logs",
            AccessLogsArgs(
                environment=args.environment,
                bucket=args.store.bucket,
                account_id=args.account_id,
                partition=args.partition,
                lifecycle=access_log_rules(args.store, args.aws),
            ),
            pulumi.ResourceOptions(parent=self),
        )
        aws.s3.BucketLogging(
            f"{self._name}-logging",
            bucket=self.bucket_name,
            target_bucket=logs.bucket_name,
            target_prefix=log_prefix(args.store.bucket),
            # S3 delivers no log before the log bucket's policy allows it.
            opts=pulumi.ResourceOptions.merge(self._options, pulumi.ResourceOptions(depends_on=[logs])),
        )
