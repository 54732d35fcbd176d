"""Tempo's configuration and its tenants' limits, as files of ConfigMaps."""

import re
from collections.abc import Iterator

from policies.config_maps import File, files
from policies.property import Property
from policies.resources import Resource
from policies.unjudged import UnjudgedError

# Sections of which any Tempo's file has some, and no other program's file has several.
_SECTIONS = {
    "backend_scheduler",
    "backend_worker",
    "block_builder",
    "compactor",
    "distributor",
    "ingest",
    "ingester",
    "live_store",
    "memberlist",
    "metrics_generator",
    "overrides",
    "querier",
    "query_frontend",
    "server",
    "storage",
    "usage_report",
}
_ENOUGH_SECTIONS = 3
# The block of every tenant that has none of its own.
EVERY_OTHER_TENANT = "*"
# The name of the only tenant where tenants are not separated.
SINGLE_TENANT = "single-tenant"
# A tag as 2.10.8, v3.0.3 or 2.10.8-amd64.
_VERSION = re.compile(r"v?(\d+)\.\d+\.\d+(?:-.*)?")


def tempo_files(config_map: Resource) -> Iterator[File]:
    """Yield the files of a ConfigMap that configure a Tempo."""
    for file in files(config_map):
        if len(_SECTIONS & set(file.document.value)) >= _ENOUGH_SECTIONS:
            yield file


def override_files(config_map: Resource) -> Iterator[File]:
    """Yield the files of a ConfigMap that hold the limits of Tempo's tenants."""
    for file in files(config_map):
        if set(file.document.value) == {"overrides"} and isinstance(file.document.value["overrides"], dict):
            yield file


def major_of(image: Property) -> int:
    """Return the major version that an image's tag names; UnjudgedError if it names none."""
    tag = image.text().partition("@")[0].rpartition("/")[2].partition(":")[2]
    found = _VERSION.fullmatch(tag)
    if not found:
        raise UnjudgedError(f"{image.path} names no version of Tempo in its tag")
    return int(found[1])


def separates_tenants(document: Property) -> bool:
    """Return whether a Tempo's file makes it separate tenants; by default it does not."""
    return document["multitenancy_enabled"].flag(False)


def store_of(document: Property) -> Property:
    """Return the store in a Tempo's file."""
    trace = document["storage"]["trace"]
    return trace[trace["backend"].text("s3")]
