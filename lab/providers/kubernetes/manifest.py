"""What can be read off a manifest or a type token: kind, place, id and the provider's annotations."""

from lab.providers.plugin import ProviderError, Urn
from lab.providers.values import Json, lookup


def kind_of(urn: Urn) -> tuple[str, str]:
    """Return apiVersion and kind that a type token names; refuse what is not a single object."""
    package, module, kind = urn.type.split(":")
    composite = module.startswith(("helm.sh/", "yaml", "kustomize")) or kind.endswith(("Patch", "List"))
    if package != "kubernetes" or composite:
        raise ProviderError(
            f"The stand-in of pulumi_kubernetes makes single objects, not {urn.type}: "
            "write the objects as resources, or install the real plugin."
        )
    return module.removeprefix("core/"), kind


def annotation(values: Json, name: str) -> str:
    """Return the value of `pulumi.com/NAME`, or nothing."""
    return str(lookup(values, ("metadata", "annotations", f"pulumi.com/{name}")) or "")


def awaited(values: Json) -> bool:
    """Say whether the object is to be waited for."""
    return annotation(values, "skipAwait") != "true"


def place(values: Json) -> tuple[str | None, str | None]:
    """Return namespace and name."""
    metadata = values.get("metadata", {})
    return metadata.get("namespace"), metadata.get("name")


def resource_id(values: Json) -> str:
    """Return the id in the state, as the real plugin gives it: `namespace/name`, or `name`."""
    return "/".join(part for part in place(values) if part)


def identity(urn: Urn, resource_id: str) -> Json:
    """Return the least manifest that an id and a type describe."""
    api_version, kind = kind_of(urn)
    namespace, _, name = resource_id.rpartition("/")
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata}


def label(values: Json) -> str:
    """Name an object for people: `StatefulSet tracing/tempo`."""
    return f"{values['kind']} {resource_id(values)}"
