"""The bucket that takes the access logs of the bucket of all blocks."""

from dataclasses import dataclass

import pulumi

from components.kubernetes import containers
from components.storage import buckets
from render.storage.iam import access_log_policy, log_bucket_name
from render.text import Config
from settings.environment import Environment


@dataclass(frozen=True, kw_only=True)
class AccessLogsArgs:
    """The bucket whose logs it takes, the account that owns both, and the rendered lifecycle."""

    environment: Environment
    bucket: str
    account_id: pulumi.Input[str]
    partition: pulumi.Input[str]
    lifecycle: list[Config]


class AccessLogs(pulumi.ComponentResource):
    """A bucket that S3's log delivery may write to, for one other bucket, and nobody else.

    Encrypted with S3's own key: log delivery cannot use a customer's.
    """

    bucket_name: pulumi.Output[str]

    def __init__(self, name: str, args: AccessLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the bucket, its guards and its lifecycle."""
        super().__init__("fawkes:tracing:AccessLogs", name, None, opts)
        target, guard = log_bucket_name(args.bucket), buckets.guard(self, args.environment)
        bucket = buckets.bucket(
            f"{name}-bucket", target, args.environment, containers.stateful(self, args.environment)
        )
        buckets.close(name, bucket, guard)
        buckets.encrypt(name, bucket, None, guard)
        buckets.tidy(name, bucket, args.lifecycle, guard)
        policy = pulumi.Output.all(args.partition, args.account_id).apply(
            lambda wired: buckets.as_text(
                access_log_policy(
                    f"arn:{wired[0]}:s3:::{target}", f"arn:{wired[0]}:s3:::{args.bucket}", args.bucket, wired[1]
                )
            )
        )
        buckets.allow(name, bucket, policy, guard)
        self.bucket_name = bucket
        self.register_outputs({"bucket_name": self.bucket_name})
