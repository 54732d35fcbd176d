"""Protection of resources that hold data, from the environment's two settings."""

import pulumi

from settings.environment import Environment


def is_kept(environment: Environment) -> bool:
    """Return whether data outlives an ordinary delete: it is protected or retained."""
    return environment.protect_stateful or environment.retain_stateful_on_delete


def stateful_options(parent: pulumi.Resource, environment: Environment) -> pulumi.ResourceOptions:
    """Return the options of a child that holds data."""
    return pulumi.ResourceOptions(
        parent=parent,
        protect=environment.protect_stateful,
        retain_on_delete=environment.retain_stateful_on_delete,
    )


def retained_options(parent: pulumi.Resource, environment: Environment) -> pulumi.ResourceOptions:
    """Return the options of a child that guards data, such as a bucket policy: it stays where the data stays."""
    return pulumi.ResourceOptions(parent=parent, retain_on_delete=environment.retain_stateful_on_delete)
