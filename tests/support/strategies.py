"""Random stack files: `valid_settings()` for properties of the product, `stack_files()` for its gate.

Both are drawn from the product's own schema, so a new setting is covered the day it is added.
"""

import copy
import datetime
import math
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from plan.plan import make_plan
from settings.loader import parse
from settings.stack import StackSettings
from tests.support.schema_values import SchemaValues, matching
from tests.support.stacks import Sections, as_config

_NAMES = st.text(min_size=1, max_size=8) | st.sampled_from(["/checkout", "$HOME", "${env:HOME}", "a: b #c", "é\u2028'\""])
# Bounds that keep the derived sizes within what a stack may ask for, and the settings that another
# setting needs, so that `_agree` finds them. All else is free within the schema.
_OVERRIDES: Mapping[str, st.SearchStrategy[Any]] = {
    "images.object_store": st.just({"repository": "quay.io/minio/minio", "tag": "RELEASE.2025-09-07T16-13-09Z"}),
    "images.object_store_client": st.just({"repository": "quay.io/minio/mc", "tag": "RELEASE.2025-08-13T08-35-41Z"}),
    "object_store.endpoint": matching(r"^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?(\.[a-z]{1,6})?(:[1-9][0-9]{0,3})?$"),
    "object_store.plain_http": st.booleans(),
    "load.spans_per_trace": st.integers(1, 500),
    "load.span_bytes_in_flight": st.integers(200, 5_000),
    "load.failed_percentage": st.floats(0, 100),
    "load.slow_or_named_percentage": st.floats(0, 100),
    "retention.long_term_hours": st.none() | st.integers(2, 8760),
    "sampling.decision_wait_seconds": st.integers(5, 300),
    "sampling.named_users[]": _NAMES,
    "sampling.named_paths[]": _NAMES,
    "tenants.namespaces": st.lists(matching(r"^[a-z]([-a-z0-9]{0,9}[a-z0-9])?$"), min_size=1, max_size=4),
    "tenants.default_tenant": matching(r"^[a-z]([-a-z0-9]{0,9}[a-z0-9])?$"),
    "tls.cluster_issuer": matching(r"^[a-z]([-a-z0-9]{0,9}[a-z0-9])?$"),
}
_SCHEMA = StackSettings.model_json_schema()
# What can stand in a stack file where it should not.
_JUNK = st.sampled_from(
    [None, True, -1, 0, 1.5, 10**12, math.nan, math.inf, "", "text", "x" * 300, "a\nb", [], [1], {}, {"x": 1},
     {3: None}, {"\n": 0}, b"bytes", datetime.date(2026, 11, 1), "\ud800"]
)  # fmt: skip


_DRAWN_TO_FIT = SchemaValues(_SCHEMA, _OVERRIDES).strategy()
_DRAWN_ALONE = SchemaValues(_SCHEMA, {}).strategy()


@st.composite
def valid_sections(draw: st.DrawFn) -> Sections:
    """Return sections that are accepted, plan included."""
    return _agree(copy.deepcopy(draw(_DRAWN_TO_FIT)))


@st.composite
def valid_settings(draw: st.DrawFn) -> StackSettings:
    """Return settings that are accepted, plan included."""
    return parse(draw(valid_sections()))


@st.composite
def stack_files(draw: st.DrawFn) -> dict[str, Any]:
    """Return what stands below `config:`: half of them whole, half of them broken in every way we know."""
    kind = draw(st.sampled_from(["whole", "with foreign keys", "damaged", "unrelated settings"]))
    if kind == "unrelated settings":
        return as_config(draw(_DRAWN_ALONE))
    config = as_config(draw(valid_sections()))
    if kind == "with foreign keys":
        _add_foreign_keys(draw, config)
    if kind == "damaged":
        _damage(draw, config)
    return config


def _add_foreign_keys(draw: st.DrawFn, config: dict[str, Any]) -> None:
    """Add what stands beside the sections in real files: a provider's keys and encrypted secrets."""
    config["aws:region"] = draw(st.sampled_from(["eu-west-1", None, {"nested": [1]}]))
    config["fawkes-tracing:object_store_secret_key"] = {"secure": draw(st.text(max_size=10))}


def _damage(draw: st.DrawFn, config: dict[str, Any]) -> None:
    for _ in range(draw(st.integers(1, 3))):
        target = _some_mapping(draw, config)
        name = draw(st.sampled_from(sorted(target, key=str)))
        draw(st.sampled_from(_DAMAGES))(draw, target, name)


def _some_mapping(draw: st.DrawFn, config: dict[str, Any]) -> dict[Any, Any]:
    found = [config]
    for mapping in found:
        found.extend(value for value in mapping.values() if isinstance(value, dict) and value)
    # The root stays whole unless nothing else is left, so that most of the damage is inside.
    return draw(st.sampled_from(found[1:] or found))


def _drop(_: st.DrawFn, mapping: dict[Any, Any], name: Any) -> None:
    # The last setting stays: an empty mapping has nothing left to damage.
    if len(mapping) > 1:
        del mapping[name]


def _replace(draw: st.DrawFn, mapping: dict[Any, Any], name: Any) -> None:
    mapping[name] = draw(_JUNK)


def _misspell(_: st.DrawFn, mapping: dict[Any, Any], name: Any) -> None:
    mapping[f"{name}s"] = mapping.pop(name)


def _add(draw: st.DrawFn, mapping: dict[Any, Any], _: Any) -> None:
    mapping[draw(st.text(max_size=6) | st.integers())] = draw(_JUNK)


_DAMAGES: tuple[Callable[[st.DrawFn, dict[Any, Any], Any], None], ...] = (_drop, _replace, _misspell, _add)


def _agree(sections: Sections) -> Sections:
    """Make settings that were drawn alone fit each other; the draws stay wherever they fit."""
    for repair in (_store, _tempo, _retention, _sampling, _load, _requests, _tenants_and_tls, _sizes):
        repair(sections)
    return sections


def _store(sections: Sections) -> None:
    store, images = sections["object_store"], sections["images"]
    if store["kind"] == "minio":
        store["minio"] = store.get("minio") or {"volume_size_gib": 1, "resources": sections["tempo"]["resources"].copy()}
    else:
        store.pop("minio", None)
        images.pop("object_store")
    if store["kind"] != "s3_compatible":
        store.pop("endpoint")
        store["plain_http"] = False
    if store["kind"] == "aws_s3":
        images.pop("object_store_client")
    unfit, instead = ("none", "sse_kms") if store["kind"] == "aws_s3" else ("sse_kms", "sse_s3")
    if store["encryption"] == unfit:
        store["encryption"] = instead


def _tempo(sections: Sections) -> None:
    tempo = sections["tempo"]
    sections["images"]["tempo"]["tag"] = tempo["version"]
    if tempo["deployment_mode"] == "monolithic":
        tempo["ingesters"] = 1
    tempo["replication_factor"] = tempo["replication_factor"] if tempo["ingesters"] >= tempo["replication_factor"] else 1


def _retention(sections: Sections) -> None:
    retention, tempo = sections["retention"], sections["tempo"]
    seen_after = tempo.get("max_block_duration_seconds", 1800) + 2 * tempo.get("blocklist_poll_seconds", 300)
    retention["detailed_hours"] = max(retention["detailed_hours"], math.ceil(seen_after / 3600))
    if retention["long_term_hours"] is not None and retention["long_term_hours"] <= retention["detailed_hours"]:
        retention["long_term_hours"] = None
    longest = max(retention["detailed_hours"], retention["long_term_hours"] or 0)
    tempo["search_window_hours"] = max(longest, tempo.get("search_window_hours", 1))


def _sampling(sections: Sections) -> None:
    sampling = sections["sampling"]
    sampling["slow_threshold_ms"] = min(sampling["slow_threshold_ms"], sampling["decision_wait_seconds"] * 1000 - 1)


def _load(sections: Sections) -> None:
    load = sections["load"]
    load["average_spans_per_second"] = min(load["average_spans_per_second"], load["peak_spans_per_second"])
    # A little less than the rest: a sum of two floats may round to above 100.
    load["slow_or_named_percentage"] = min(load["slow_or_named_percentage"], (100 - load["failed_percentage"]) * 0.99)


def _requests(sections: Sections) -> None:
    collectors, minio = sections["collectors"], sections["object_store"].get("minio")
    containers = [sections["tempo"]["resources"], collectors["agent"]["resources"], collectors["gateway"]]
    for container in [*containers, *([minio["resources"]] if minio else [])]:
        for kind in ("cpu_{}_millicores", "memory_{}_mib"):
            request, limit = kind.format("request"), kind.format("limit")
            if limit in container:
                container[request] = min(container[request], container[limit])


def _tenants_and_tls(sections: Sections) -> None:
    tenants, tls = sections["tenants"], sections["tls"]
    others = sorted({*tenants["namespaces"]} - {tenants["default_tenant"]})
    tenants["namespaces"] = (others or ["other-team"]) if tenants["mode"] == "by_namespace" else []
    if tls["otlp"] == "plaintext":
        tls.pop("cluster_issuer")


def _sizes(sections: Sections) -> None:
    """Lower the load until what it needs can be asked for, then ask for at least that."""
    gateway, tempo, load = sections["collectors"]["gateway"], sections["tempo"], sections["load"]
    minio = sections["object_store"].get("minio", {})
    while True:
        plan = make_plan(parse(sections))
        needed = (
            (gateway, "memory_ceiling_mib", plan.gateway.memory_limit_mib, 262_144),
            (tempo, "volume_size_gib", math.ceil(plan.storage.ingester_volume_bytes / 2**30), 4096),
            (minio, "volume_size_gib", math.ceil(plan.storage.stored_bytes / 0.8 / 2**30), 65_536),
        )
        if all(least <= most for section, _, least, most in needed if section):
            break
        load["peak_spans_per_second"] = max(1, load["peak_spans_per_second"] // 10)
        load["average_spans_per_second"] = min(load["average_spans_per_second"], load["peak_spans_per_second"])
    for section, name, least, _ in needed:
        if section:
            section[name] = max(section[name], least)
