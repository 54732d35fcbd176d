"""One time limit for everything that a deployment waits for."""

from collections.abc import Callable

import pulumi

# Kinds that the Kubernetes plugin waits for, ten minutes by default. A Service waits until its Pods are ready, so
# a shorter limit would end a wait for the same Pods.
_AWAITED = frozenset(
    {
        "kubernetes:apps/v1:DaemonSet",
        "kubernetes:apps/v1:Deployment",
        "kubernetes:apps/v1:StatefulSet",
        "kubernetes:batch/v1:Job",
        "kubernetes:core/v1:Service",
    }
)


def set_rollout_timeout(seconds: int) -> None:
    """Let the deployment of each workload and Service that follows fail only after this time.

    The objects stay as they are then, and the next deployment waits for them again.
    """
    pulumi.runtime.register_stack_transformation(_with_timeout(f"{seconds}s"))


def _with_timeout(
    timeout: str,
) -> Callable[[pulumi.ResourceTransformationArgs], pulumi.ResourceTransformationResult | None]:
    def transformation(
        args: pulumi.ResourceTransformationArgs,
    ) -> pulumi.ResourceTransformationResult | None:
        if args.type_ not in _AWAITED:
            return None
        limits = pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create=timeout, update=timeout))
        return pulumi.ResourceTransformationResult(args.props, pulumi.ResourceOptions.merge(args.opts, limits))

    return transformation
