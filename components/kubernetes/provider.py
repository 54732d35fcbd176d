"""The provider of all Kubernetes objects: which cluster, and how objects are applied."""

import pulumi_kubernetes as kubernetes

from settings.cluster import Cluster


def kubernetes_provider(cluster: Cluster) -> kubernetes.Provider:
    """Return the provider for the cluster of the settings; the children of a component inherit it.

    Without a context the kubeconfig's current one is used. Server-side apply is what `field_manager` relies on.
    Mutable ConfigMaps and Secrets are those of `reloaded_config_map` and of Grafana's sidecar; the plugin still
    replaces an immutable one.
    """
    return kubernetes.Provider(
        "kubernetes",
        context=cluster.context,
        enable_server_side_apply=True,
        enable_config_map_mutable=True,
        enable_secret_mutable=True,
        # The plugin then reads KUBECONFIG itself. Left out, the SDK would put the operator's path into the state,
        # where it means nothing to the next operator.
        kubeconfig="",
    )
