"""Rights in the cluster that go too far."""

from tests.seeds.seed import Added, Seed, put

_GROUP = "kubernetes:rbac.authorization.k8s.io/v1"
# What every object carries.
LABELS = {
    "app.kubernetes.io/name": "otel-agent",
    "app.kubernetes.io/instance": "fawkes-tracing",
    "app.kubernetes.io/part-of": "fawkes-tracing",
    "app.kubernetes.io/managed-by": "pulumi",
    "app": "otel-agent",
    "component": "tracing",
    "environment": "prod",
    "team": "platform",
}
_ADMIN = {
    "metadata": {"name": "agents-are-admins", "labels": LABELS},
    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
    "subjects": [{"kind": "ServiceAccount", "name": "otel-agent", "namespace": "fawkes-observability"}],
}

SEEDS = (
    Seed(
        name="the agent may do anything with Pods",
        rule="roles-name-what-they-grant",
        resource="agent-pods-role",
        says="Rule 0 grants everything by a star in verbs",
        edits={"agent-pods-role": put("rules.0.verbs", ["*"])},
    ),
    Seed(
        name="the agent may read every Secret",
        rule="roles-read-no-secrets",
        resource="agent-pods-role",
        says="Secrets of all namespaces",
        stack="staging",
        edits={"agent-pods-role": put("rules.0.resources", ["pods", "namespaces", "secrets"])},
    ),
    Seed(
        name="the agent may run commands in every Pod",
        rule="roles-grant-no-more-rights",
        resource="agent-pods-role",
        says="grants access to pods/exec",
        edits={"agent-pods-role": put("rules.0.resources", ["pods", "namespaces", "pods/exec"])},
    ),
    Seed(
        name="the agent may act as anybody",
        rule="roles-grant-no-more-rights",
        resource="agent-pods-role",
        says="grants impersonate, and with it any other right",
        stack="dojo",
        edits={"agent-pods-role": put("rules.0.verbs", ["get", "list", "watch", "impersonate"])},
    ),
    Seed(
        name="the agent is an administrator of the cluster",
        rule="bindings-stay-in-the-stack",
        resource="agents-are-admins",
        says="grants the ClusterRole cluster-admin, which is not ours",
        added=(Added(f"{_GROUP}:ClusterRoleBinding", "agents-are-admins", _ADMIN, like="agent-pods-binding"),),
    ),
    Seed(
        name="every account of the cluster has the agent's role",
        rule="bindings-stay-in-the-stack",
        resource="agent-pods-binding",
        says="the Group system:serviceaccounts",
        edits={
            "agent-pods-binding": put(
                "subjects.0",
                {"kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": "system:serviceaccounts"},
            )
        },
    ),
)
