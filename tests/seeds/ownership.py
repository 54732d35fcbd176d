"""Resources without an owner, without protection, or at the wrong place."""

from tests.seeds.seed import Added, Seed, drop, put

_CONTROLLER = {
    "apiVersion": "v1",
    "kind": "ReplicationController",
    "metadata": {"name": "old-controller", "namespace": "fawkes-observability"},
    "spec": {
        "replicas": 1,
        "selector": {"app": "old"},
        "template": {
            "metadata": {"labels": {"app": "old"}},
            "spec": {"containers": [{"name": "old", "image": "docker.io/library/nginx:latest"}]},
        },
    },
}

SEEDS = (
    Seed(
        name="a Service belongs to nobody",
        rule="objects-carry-labels",
        resource="gateway-service",
        says="The object lacks the labels team",
        edits={"gateway-service": drop("metadata.labels.team")},
    ),
    Seed(
        name="Pods belong to no environment",
        rule="objects-carry-labels",
        resource="tempo-querier-server",
        says="The Pod template lacks the labels environment",
        edits={"tempo-querier-server": drop("spec.template.metadata.labels.environment")},
    ),
    Seed(
        name="nobody pays for AWS resources",
        rule="aws-resources-carry-tags",
        resource="store-traces-bucket",
        says="lacks the tags Project, Environment, Team",
        stack="staging",
        edits={"store-provider": drop("defaultTags")},
    ),
    Seed(
        name="an update may delete volumes with traces",
        rule="volumes-are-protected",
        resource="tempo-ingester-server",
        says="An update may delete it",
        settings={"environment.protect_stateful": False},
    ),
    Seed(
        name="the volumes of replicas that are scaled away are deleted",
        rule="claims-outlive-workloads",
        resource="tempo-ingester-server",
        says="deletes the volumes of replicas that are scaled away",
        edits={"tempo-ingester-server": put("spec.persistentVolumeClaimRetentionPolicy.whenScaled", "Delete")},
    ),
    Seed(
        name="the shell chooses the cluster of resources without a provider",
        rule="providers-are-pinned",
        resource="default_4_34_2",
        says="use the engine's default provider",
        # As the engine adds it when a component does not pass its provider on.
        added=(Added("pulumi:providers:kubernetes", "default_4_34_2", {"kubeconfig": ""}, like="kubernetes"),),
    ),
    Seed(
        name="so many gateways cost too much",
        rule="cost-stays-below-ceiling",
        resource="",
        says="the ceiling is $600.00. The largest items: Pods, gateways",
        settings={"collectors.gateway.replicas": 12},
    ),
    Seed(
        name="a kind of workload that no rule reads runs an image of the internet",
        rule="resources-have-known-types",
        resource="old-controller",
        says="the type kubernetes:core/v1:ReplicationController",
        added=(
            Added("kubernetes:core/v1:ReplicationController", "old-controller", _CONTROLLER, like="tempo-account"),
        ),
    ),
)
