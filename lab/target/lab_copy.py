"""What the lab changes in its copy of a stack's settings, before it deploys them to a node of its own."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lab.cluster.kubeconfig import current_context
from lab.errors import LabError
from lab.target.tempo_program import tempo_version
from settings.project import PROJECT

_CLUSTER, _IMAGES, _STORE, _TEMPO = (
    f"{PROJECT}:{section}" for section in ("cluster", "images", "object_store", "tempo")
)


def for_simulated_nodes(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration without the context of the stack's real cluster: the lab's node is the cluster."""
    return dict(config) | _changed(config, _CLUSTER, context=None)


def for_own_node(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration for the images that the lab has: without digests, and for its version of Tempo.

    The lab builds its own images under the names of the published ones. Tempo refuses keys that it does not know,
    and older ones of the same major know fewer. A Tempo of another major changes no version, nor does a stack on
    Amazon: `runnable_settings` refuses such a stack.
    """
    found, store, tempo = _without_digests(for_simulated_nodes(config)), config.get(_STORE), config.get(_TEMPO)
    if isinstance(store, Mapping) and store.get("kind") == "aws_s3":
        return found
    named = re.match(r"(\d+)\.", str(tempo.get("version"))) if isinstance(tempo, Mapping) else None
    version = tempo_version(int(named[1])) if named else ""
    if not named or not version.startswith(named[0]):
        return found
    images = found.get(_IMAGES)
    image = images.get("tempo") if isinstance(images, Mapping) else None
    if not isinstance(image, Mapping):
        return found
    return (
        found
        | _changed(config, _TEMPO, version=version)
        | _changed(found, _IMAGES, tempo={**image, "tag": version})
    )


def refuse_another_context(config: Mapping[str, Any], kubeconfig: Path) -> None:
    """Raise LabError if the settings name another context than the kubeconfig's current one.

    The lab itself follows the current one, for example to the Secret with the stack's state.
    """
    cluster = config.get(_CLUSTER)
    wanted = cluster.get("context") if isinstance(cluster, Mapping) else None
    current = current_context(kubeconfig)
    if wanted and wanted != current:
        raise LabError(
            f"The stack's cluster.context is {wanted}, and {kubeconfig} has {current} selected.",
            f"Nothing was changed. Select it: kubectl --kubeconfig {kubeconfig} config use-context {wanted}",
        )


def _without_digests(config: Mapping[str, Any]) -> dict[str, Any]:
    images = config.get(_IMAGES)
    if not isinstance(images, Mapping):
        return dict(config)
    unpinned = {
        name: {key: value for key, value in image.items() if key != "digest"}
        for name, image in images.items()
        if isinstance(image, Mapping)
    }
    return dict(config) | _changed(config, _IMAGES, **unpinned)


def _changed(config: Mapping[str, Any], key: str, **changes: object) -> dict[str, Any]:
    """Return one section with changes; nothing if there is no such section."""
    section = config.get(key)
    return {key: {**section, **changes}} if isinstance(section, Mapping) else {}
