"""Autoscalers, and how many Pods a workload has at least."""

from policies.objects import kind, name, namespace
from policies.pods import replicas
from policies.resources import Resource, Stack

AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"


def target_of(stack: Stack, autoscaler: Resource) -> Resource | None:
    """Return the workload of the stack that an autoscaler scales."""
    target = autoscaler["spec"]["scaleTargetRef"]
    wanted = (target["kind"].text(), target["name"].text(), namespace(autoscaler))
    # Only these have the `scale` that an autoscaler writes to.
    scalable = stack.of_type("kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet")
    return next((each for each in scalable if (kind(each), name(each), namespace(each)) == wanted), None)


def fewest_pods(stack: Stack, workload: Resource) -> int:
    """Return how many Pods a Deployment or StatefulSet has when nothing is wrong and the load is low."""
    for autoscaler in stack.of_type(AUTOSCALER):
        if target_of(stack, autoscaler) is workload:
            return int(autoscaler["spec"]["minReplicas"].number(1))
    stated = replicas(workload)
    return 1 if stated is None else stated
