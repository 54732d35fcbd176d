"""The bucket for the access logs of the trace bucket."""

from dataclasses import dataclass

import pulumi

from components.protection import is_kept, retained_options, stateful_options
from components.storage import buckets
from components.storage.documents import policy_text
from render.storage.iam import access_log_policy, log_bucket_name
from render.text import Config
from settings.environment import Environment


@dataclass(frozen=True, kw_only=True)
class AccessLogsArgs:
    """The bucket whose logs it receives, the account that owns both, and the rendered lifecycle."""

    environment: Environment
    bucket: str
    account_id: pulumi.Input[str]
    partition: pulumi.Input[str]
    lifecycle: list[Config]


class AccessLogs(pulumi.ComponentResource):
    """A bucket that only S3's log delivery may write to, and only for one other bucket.

    Encrypted with S3's own key: log delivery cannot use a customer key. It keeps versions, so that a log can be
    brought back, and not Object Lock: S3 delivers no logs to a bucket with a default retention.
    """

    bucket_name: pulumi.Output[str]

    def __init__(self, name: str, args: AccessLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the bucket, its protections and its lifecycle."""
        super().__init__("fawkes:tracing:AccessLogs", name, None, opts)
        target, options = log_bucket_name(args.bucket), retained_options(self, args.environment)
        bucket = buckets.create_bucket(
            f"{name}-bucket", target, args.environment, stateful_options(self, args.environment)
        )
        buckets.block_public_access(name, bucket, options)
        buckets.set_encryption(name, bucket, None, options)
        after = buckets.set_versioning(name, bucket, "Enabled", options)
        buckets.set_lifecycle(name, bucket, args.lifecycle, after)
        policy = pulumi.Output.all(args.partition, args.account_id).apply(
            lambda wired: policy_text(
                access_log_policy(
                    f"arn:{wired[0]}:s3:::{target}",
                    f"arn:{wired[0]}:s3:::{args.bucket}",
                    args.bucket,
                    wired[1],
                    # Elsewhere the bucket is deleted with its content.
                    keep_versions=is_kept(args.environment),
                )
            )
        )
        buckets.set_policy(name, bucket, policy, options)
        self.bucket_name = bucket
        self.register_outputs({"bucket_name": self.bucket_name})
