"""The KMS key that encrypts the trace bucket."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.protection import stateful_options
from components.storage.documents import policy_text
from render.storage.iam import key_policy
from settings.environment import Environment


@dataclass(frozen=True, kw_only=True)
class TraceKeyArgs:
    """The owning account, the alias (`alias/<alias>`), and for how many days a deletion can be undone."""

    environment: Environment
    alias: str
    account_arn: pulumi.Input[str]
    deletion_window_days: int


class TraceKey(pulumi.ComponentResource):
    """A KMS key with an alias. KMS rotates the key material every year and keeps the old for reading."""

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: TraceKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create key and alias."""
        super().__init__("fawkes:tracing:TraceKey", name, None, opts)
        key = aws.kms.Key(
            f"{name}-key",
            description=f"Blocks of traces in the bucket {args.alias}",
            enable_key_rotation=True,
            deletion_window_in_days=args.deletion_window_days,
            policy=pulumi.Output.from_input(args.account_arn).apply(
                lambda account: policy_text(key_policy(account))
            ),
            # Protected like the bucket: without its key a kept bucket is unreadable.
            opts=stateful_options(self, args.environment),
        )
        aws.kms.Alias(
            f"{name}-alias",
            name=f"alias/{args.alias}",
            target_key_id=key.arn,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = key.arn
        self.register_outputs({"arn": self.arn})
