"""The key that blocks are encrypted with."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.kubernetes import containers
from components.storage.buckets import as_text
from render.storage.iam import key_policy
from settings.environment import Environment


@dataclass(frozen=True, kw_only=True)
class TraceKeyArgs:
    """Whose key it is, what people find it by (`alias/<alias>`), and how long a deletion can be undone."""

    environment: Environment
    alias: str
    account_arn: pulumi.Input[str]
    deletion_window_days: int


class TraceKey(pulumi.ComponentResource):
    """A KMS key with an alias. KMS makes new key material every year and keeps the old to read with."""

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: TraceKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create key and alias."""
        super().__init__("fawkes:tracing:TraceKey", name, None, opts)
        key = aws.kms.Key(
            f"{name}-key",
            description=f"Blocks of traces in the bucket {args.alias}",
            enable_key_rotation=True,
            deletion_window_in_days=args.deletion_window_days,
            policy=pulumi.Output.from_input(args.account_arn).apply(lambda account: as_text(key_policy(account))),
            # Without its key a bucket that is kept holds nothing.
            opts=containers.stateful(self, args.environment),
        )
        aws.kms.Alias(
            f"{name}-alias",
            name=f"alias/{args.alias}",
            target_key_id=key.arn,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = key.arn
        self.register_outputs({"arn": self.arn})
