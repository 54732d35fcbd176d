"""The keys that each major version of Tempo knows, from its documentation."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent / "data"
# The documented version of each major.
VERSIONS = {2: "2.10.8", 3: "3.0.3"}
# Values of the manifest below which any key may stand: a mapping or a list without entries by default.
_OPEN = {"{}", "[]", "None"}
# Documented on the configuration pages, but not in the manifests, which leave out what is empty or off.
_BESIDE = frozenset(
    {
        "multitenancy_enabled",
        "stream_over_http_enabled",
        "shutdown_delay",
        "query_frontend.api_timeout",
        "metrics_generator.registry.inject_tenant_id_as",
    }
)
# Sections with keys of other programs, or lists of entries that the manifests leave out.
_FREE = ("distributor.receivers", "metrics_generator.storage.remote_write", "cache.caches")
# Sections of a tenant's limits that the manifests leave out, and single limits. Source: Tempo's
# modules/overrides/config.go, the same in both majors.
_FREE_LIMITS = (
    "metrics_generator.processor",
    "metrics_generator.remote_write_headers",
    "storage",
    "cost_attribution",
)
_LIMITS = frozenset(
    {
        "compaction.block_retention",
        "compaction.compaction_disabled",
        "compaction.compaction_window",
        "forwarders",
        "ingestion.artificial_delay",
        "ingestion.max_attribute_bytes",
        "ingestion.tenant_shard_size",
        "metrics_generator.collection_interval",
        "metrics_generator.disable_collection",
        "metrics_generator.forwarder.queue_size",
        "metrics_generator.forwarder.workers",
        "metrics_generator.max_active_entities",
        "metrics_generator.max_active_series",
        "metrics_generator.max_cardinality_per_label",
        "metrics_generator.processors",
        "metrics_generator.ring_size",
        "metrics_generator.span_name_sanitization",
        "metrics_generator.trace_id_label_name",
        "read.left_pad_trace_ids",
        "read.max_blocks_per_tag_values_query",
        "read.max_metrics_duration",
        "read.max_search_duration",
        "read.metrics_spanonly_fetch",
        "read.unsafe_query_hints",
    }
)
_DEFAULTS = "overrides.defaults."
# How the limits of the older, flat form begin, which 2.x reads, too.
_FLAT = ("block_retention", "compaction_", "ingestion_", "max_", "metrics_generator_", "parquet_", "unsafe_query")
_LAST_MAJOR_WITH_FLAT_LIMITS = 2


@cache
def known_keys(major: int) -> frozenset[str]:
    """Return the dotted keys that a major version of Tempo knows in its file; KeyError if the major is unknown."""
    return frozenset(_manifest(major)) | _BESIDE | {f"{_DEFAULTS}{limit}" for limit in _LIMITS}


@cache
def known_limits(major: int) -> frozenset[str]:
    """Return the dotted keys that a major version knows in a tenant's block; KeyError if the major is unknown."""
    return frozenset(key.removeprefix(_DEFAULTS) for key in known_keys(major) if key.startswith(_DEFAULTS))


def knows(major: int, key: str) -> bool:
    """Return whether a major version knows a key, or a section of that name."""
    return any(known == key or known.startswith(f"{key}.") for known in known_keys(major))


def unknown_keys(document: object, major: int) -> list[str]:
    """Return the dotted keys of Tempo's file that a major version does not know."""
    free = (*_FREE, *_open_keys(major), *(f"{_DEFAULTS}{name}" for name in _FREE_LIMITS))
    return _unknown(document, known_keys(major), free)


def unknown_limits(block: object, major: int) -> list[str]:
    """Return the dotted keys of a tenant's block that a major version does not know."""
    found = _unknown(block, known_limits(major), _FREE_LIMITS)
    if major > _LAST_MAJOR_WITH_FLAT_LIMITS:
        return found
    return [key for key in found if "." in key or not key.startswith(_FLAT)]


@cache
def _manifest(major: int) -> dict[str, str]:
    lines = (_FOLDER / f"tempo-{VERSIONS[major]}-keys.txt").read_text(encoding="utf-8").splitlines()
    return {key: value for key, _, value in (line.partition("\t") for line in lines if not line.startswith("#"))}


@cache
def _open_keys(major: int) -> tuple[str, ...]:
    return tuple(key for key, value in _manifest(major).items() if value in _OPEN)


def _unknown(document: object, known: frozenset[str], free: tuple[str, ...]) -> list[str]:
    sections = {".".join(parts[:count]) for parts in map(_parts, known) for count in range(1, len(parts))}
    return [
        key
        for key in dict.fromkeys(_leaves(document))
        if key not in known and key not in sections and not _below(key, free)
    ]


def _parts(key: str) -> list[str]:
    return key.split(".")


def _below(key: str, sections: tuple[str, ...]) -> bool:
    return any(key == section or key.startswith(f"{section}.") for section in sections)


def _leaves(value: object, path: str = "") -> Iterator[str]:
    """Yield the dotted keys that hold a value; entries of a list have the list's key."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list) and any(isinstance(entry, dict) for entry in value):
        for entry in value:
            yield from _leaves(entry, path)
    else:
        yield path
