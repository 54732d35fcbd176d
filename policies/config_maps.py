"""Configuration files in ConfigMaps, and the workloads that mount them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from policies.pods import pod_template
from policies.property import Property
from policies.resources import Resource, Stack
from policies.unjudged import UnjudgedError

CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
# Values for `envFrom`; they may be unknown at the first preview, as a role's name.
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
# What a configuration names from its process's environment: ${NAME}, and ${env:NAME} in collectors.
_REFERENCE = re.compile(r"(?<!\$)\$\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True)
class File:
    """A file of a ConfigMap that holds a mapping in YAML or JSON."""

    config_map: Resource
    name: str
    document: Property


def files(config_map: Resource) -> Iterator[File]:
    """Yield the files of a ConfigMap that hold a mapping; scripts and other texts do not.

    UnjudgedError if a file is unknown.
    """
    for name, text in texts(config_map):
        if document := _mapping(text):
            yield File(config_map, name, document)


def texts(config_map: Resource) -> Iterator[tuple[str, Property]]:
    """Yield the name and the text of each file of a ConfigMap; variables are no files."""
    for name, text in config_map["data"].fields().items():
        if not _VARIABLE.fullmatch(name):
            text.text()
            yield name, text


def with_environment(file: File, readers: Iterable[Property]) -> File:
    """Return a file with the variables of the containers that read it, as far as their values are known."""
    text = file.config_map["data"][file.name]
    if "${" not in text.text():
        return file
    values = {
        variable["name"].text(""): variable["value"].value
        for container in readers
        for variable in container["env"].items()
        if isinstance(variable["value"].value, str)
    }
    expanded = Property(_expanded(text.text(), values), text.path)
    return File(file.config_map, file.name, _mapping(expanded) or file.document)


def mounted(stack: Stack, workload: Resource) -> Iterator[tuple[Resource, Property]]:
    """Yield each ConfigMap whose files a workload's Pods see, and the container that mounts it.

    A volume whose ConfigMap has a name that is not known yet is joined by the resources it was computed from.
    """
    spec = pod_template(workload)["spec"]
    by_volume = {volume["name"].text(""): volume for volume in spec["volumes"].items()}
    for container in [*spec["containers"].items(), *spec["initContainers"].items()]:
        for mount in container["volumeMounts"].items():
            volume = by_volume.get(mount["name"].text(""))
            if volume and not volume["configMap"].is_missing:
                for config_map in _named(stack, workload, volume["configMap"]["name"]):
                    yield config_map, container


def _named(stack: Stack, workload: Resource, name: Property) -> Iterator[Resource]:
    # Names that Pulumi or Kubernetes chooses may be unknown, or not there yet.
    depends_on = {urn for urns in workload.depends_on.values() for urn in urns}
    for config_map in stack.of_type(CONFIG_MAP):
        own = config_map["metadata"]["name"]
        if not isinstance(name.value, str) or not isinstance(own.value, str):
            if config_map.urn in depends_on:
                yield config_map
        elif own.value == name.value and _namespace(config_map) == _namespace(workload):
            yield config_map


def _namespace(resource: Resource) -> object:
    return resource["metadata"]["namespace"].value


def _mapping(text: Property) -> Property | None:
    """Return the document in a text if it is a mapping."""
    try:
        document = text.yaml()
    except UnjudgedError:
        # A rule holds that every Tempo and every collector has a configuration that can be read.
        return None
    return document if isinstance(document.value, dict) else None


def _expanded(text: str, values: Mapping[str, str]) -> str:
    return _REFERENCE.sub(lambda found: values.get(found[1], found[0]), text)
