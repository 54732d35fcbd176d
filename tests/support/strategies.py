"""Random stack files: `valid_settings()` for properties of the product, `stack_files()` for its validation.

Both are drawn from the product's own schema, so a new setting is covered the day it is added.
"""

import copy
import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from plan.agent_memory import agent_memory_mib
from plan.delivery import smallest_queue_volume_bytes
from plan.plan import make_plan
from plan.span_metrics import BYTES_PER_LABEL_SET, SERIES_PER_LABEL_SET
from plan.tempo.generators import series_memory_mib
from settings.loader import parse
from settings.stack import StackSettings
from tests.support.schema_values import EXAMPLES, SchemaValues
from tests.support.stacks import STACKS, Sections, as_config, sections

_NAMES = st.text(min_size=1, max_size=8) | st.sampled_from(
    ["/checkout", "$HOME", "${env:HOME}", "a: b #c", "é\u2028'\""]
)
# The schema knows the form of a network only; a check knows which texts are one.
_NETWORKS = st.sampled_from(["0.0.0.0/0", "10.0.0.0/16", "10.1.2.3/32", "::/0", "fd00:ec2::23/128"])
# Bounds that keep the derived sizes within a stack's limits, and settings that another setting requires: `_agree`
# expects them to be present. Everything else is free within the schema.
_OVERRIDES: Mapping[str, st.SearchStrategy[Any]] = {
    "object_store.endpoint": st.sampled_from(EXAMPLES["endpoint"]),
    "object_store.plain_http": st.booleans(),
    "load.spans_per_trace": st.integers(1, 500),
    "load.span_bytes_in_flight": st.integers(200, 5_000),
    "load.span_bytes_sent": st.integers(100, 5_000),
    "load.failed_percentage": st.floats(0, 100),
    "load.slow_or_named_percentage": st.floats(0, 100),
    "retention.long_term_hours": st.none() | st.integers(2, 8760),
    "sampling.decision_wait_seconds": st.integers(5, 300),
    # More than is kept of the highest peak.
    "sampling.ceiling_spans_per_second": st.none() | st.integers(12_500_000, 100_000_000),
    "sampling.service_limits": st.lists(
        st.fixed_dictionaries({"service": _NAMES, "kept_spans_per_second": st.integers(1, 10_000_000)}),
        max_size=3,
        unique_by=lambda limit: limit["service"],
    ),
    "sampling.named_users[]": _NAMES,
    "sampling.named_paths[]": _NAMES,
    "sampling.named_services[]": _NAMES,
    **{
        f"network.{name}[]": _NETWORKS
        for name in ("dns_addresses", "api_server_addresses", "external_addresses", "proxy_addresses")
    },
    "tenants.namespaces": st.lists(st.sampled_from(EXAMPLES["namespace"]), min_size=1, max_size=4),
    "tenants.default_tenant": st.sampled_from(EXAMPLES["default_tenant"]),
    "tls.applications_authority": st.sampled_from(EXAMPLES["applications_authority"]),
}
_SCHEMA = StackSettings.model_json_schema()
# Values that do not belong where they stand in a stack file.
_JUNK = st.sampled_from(
    [None, True, -1, 0, 1.5, 10**12, math.nan, math.inf, "", "text", "x" * 300, "a\nb", [], [1], {}, {"x": 1},
     {3: None}, {"\n": 0}, b"bytes", dt.date(2026, 11, 1), "\ud800"]
).map(copy.deepcopy)  # fmt: skip

# No committed stack needs the section `network`, nor each of them these others: empty, they have the defaults.
_COMMITTED = [{"span_metrics": {}, "alerts": {}, "slos": {}, **sections(stack), "network": {}} for stack in STACKS]
_TO_FIT = SchemaValues(_SCHEMA, _OVERRIDES)
_ALONE = SchemaValues(_SCHEMA, {})
# The kinds of random stack files; each is a quarter of `stack_files()`.
KINDS = ("whole", "with foreign keys", "damaged", "unrelated settings")


@st.composite
def valid_sections(draw: st.DrawFn) -> Sections:
    """Return sections that validation and the plan accept: about half are random, half as committed."""
    committed = draw(st.sampled_from(_COMMITTED))
    redrawn = draw(st.sets(st.sampled_from(sorted(committed)), min_size=1))
    drawn = {name: draw(_TO_FIT.part(name)) if name in redrawn else part for name, part in committed.items()}
    return _agree(copy.deepcopy(drawn))


@st.composite
def valid_settings(draw: st.DrawFn) -> StackSettings:
    """Return settings that validation and the plan accept."""
    return parse(draw(valid_sections()))


@st.composite
def stack_files(draw: st.DrawFn, kinds: Sequence[str] = KINDS) -> dict[str, Any]:
    """Return the content of `config:`: half of them valid, half broken in every known way."""
    kind = draw(st.sampled_from(kinds))
    if kind == "unrelated settings":
        return as_config({name: draw(_ALONE.part(name)) for name in _COMMITTED[0]})
    config = as_config(draw(valid_sections()))
    if kind == "with foreign keys":
        _add_foreign_keys(draw, config)
    if kind == "damaged":
        _damage(draw, config)
    return config


def _add_foreign_keys(draw: st.DrawFn, config: dict[str, Any]) -> None:
    """Add the other keys of real stack files: providers' settings and encrypted secrets."""
    store = config["fawkes-tracing:object_store"]
    on_amazon = store["kind"] == "aws_s3"
    config["aws:region"] = store["region"] if on_amazon else draw(st.sampled_from([None, {"nested": [1]}]))
    config["other:setting"] = draw(st.sampled_from(["text", None, {"nested": [1]}]))
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


def _exaggerate(_: st.DrawFn, mapping: dict[Any, Any], name: Any) -> None:
    if isinstance(mapping[name], int | float | str):
        mapping[name] = mapping[name] * 1000


def _misspell(_: st.DrawFn, mapping: dict[Any, Any], name: Any) -> None:
    mapping[f"{name}s"] = mapping.pop(name)


def _add(draw: st.DrawFn, mapping: dict[Any, Any], _: Any) -> None:
    mapping[draw(st.text(max_size=6) | st.integers())] = draw(_JUNK)


_DAMAGES: tuple[Callable[[st.DrawFn, dict[Any, Any], Any], None], ...] = (
    _drop,
    _replace,
    _exaggerate,
    _misspell,
    _add,
)


def _agree(stack: Sections) -> Sections:
    """Change settings that were drawn independently where they contradict each other, and only there."""
    for repair in (
        _store,
        _tempo,
        _images,
        _span_metrics,
        _datasources,
        _slos,
        _retention,
        _sampling,
        _load,
        _requests,
        _tenants_and_tls,
        _sizes,
    ):
        repair(stack)
    return stack


def _store(stack: Sections) -> None:
    store, images = stack["object_store"], stack["images"]
    if store["kind"] == "minio":
        store["minio"] = store.get("minio") or {
            "volume_size_gib": 1,
            "resources": stack["tempo"]["resources"].copy(),
        }
    else:
        store.pop("minio", None)
    if store["kind"] == "aws_s3":
        store["aws"] = _aws(store, store.get("aws") or {"identity": "pod_identity", "eks_cluster": "fawkes"})
    else:
        store.pop("aws", None)
    if store["kind"] != "s3_compatible":
        store.pop("endpoint", None)
        store.pop("plain_http", None)
    for name, unneeded in (
        ("object_store", store["kind"] != "minio"),
        ("object_store_client", store["kind"] == "aws_s3"),
    ):
        image = images.pop(name, None)
        if not unneeded:
            images[name] = image or images["collector"]
    unfit, instead = ("none", "sse_kms") if store["kind"] == "aws_s3" else ("sse_kms", "sse_s3")
    if store["encryption"] == unfit:
        store["encryption"] = instead


def _aws(store: Sections, aws: Sections) -> Sections:
    # The partition and the account of the examples.
    store["region"] = "ap-southeast-6" if store.get("region", "").endswith("-") else "eu-west-1"
    own = {name: EXAMPLES[name][0] for name in ("account_id", "assume_role_arn") if aws.get(name)}
    aws = aws | own
    if aws["identity"] == "irsa":
        aws["oidc_provider_arn"] = EXAMPLES["oidc_provider_arn"][0]
    fits = store["versioning"] and (aws.get("glacier_noncurrent_after_days") or 0) < store.get(
        "noncurrent_expiry_days", 1
    )
    unfit = {
        "oidc_provider_arn": aws["identity"] != "irsa" or aws.get("oidc_provider_arn") is None,
        "glacier_noncurrent_after_days": not fits,
    }
    return {name: value for name, value in aws.items() if not unfit.get(name)}


def _tempo(stack: Sections) -> None:
    tempo, images = stack["tempo"], stack["images"]
    microservices = tempo["deployment_mode"] == "microservices"
    if microservices:
        images["memcached"] = images.get("memcached") or images["collector"]
    needs_kafka = microservices and tempo["version"].startswith("3.")
    tempo["kafka"] = (tempo.get("kafka") or {"address": "kafka:9092"}) if needs_kafka else None
    stack["images"]["tempo"]["tag"] = tempo["version"]
    if tempo["deployment_mode"] == "monolithic":
        tempo["ingesters"] = 1
    if tempo["ingesters"] < tempo["replication_factor"] and not needs_kafka:
        tempo["replication_factor"] = 1
    tempo["require_zones"] = tempo.get("require_zones", False) and tempo["replication_factor"] > 1


def _images(stack: Sections) -> None:
    images = stack["images"]
    images["synthetic_check"] = images.get("synthetic_check") or images["collector"]
    images["pull_secrets"] = [*dict.fromkeys(images.get("pull_secrets", ()))]
    repositories = [image["repository"] for image in images.values() if isinstance(image, dict)]
    hosts = [name.partition("/")[0] for name in (*repositories, images.get("mirror") or "")]
    if not all("." in host or ":" in host for host in hosts):
        images.pop("mirror", None)


def _span_metrics(stack: Sections) -> None:
    metrics, grafana, nodes = stack["span_metrics"], stack["grafana"], stack["load"].get("nodes", 10)
    needed = {"agents": grafana.get("service_monitors"), "tempo": grafana.get("prometheus_url")}
    source = metrics.get("source", "none")
    metrics["source"] = source if needed.get(source) else "none"
    metrics["dimensions"] = (
        [*dict.fromkeys(metrics.get("dimensions", ()))] if metrics["source"] == "agents" else []
    )
    memory = stack["collectors"]["agent"]["resources"]["memory_limit_mib"] * 2**20
    # A quarter of the memory, and the largest number of series that a stack may allow.
    label_sets = min(memory / 4 / BYTES_PER_LABEL_SET, 10**8 / nodes / SERIES_PER_LABEL_SET) - 1
    metrics["max_label_sets_per_agent"] = min(metrics.get("max_label_sets_per_agent", 2_000), int(label_sets))
    series = nodes * (metrics["max_label_sets_per_agent"] + 1) * SERIES_PER_LABEL_SET
    metrics["max_series"] = max(metrics.get("max_series", 1_000), series)


def _datasources(stack: Sections) -> None:
    grafana = stack["grafana"]
    listed = [*dict.fromkeys(grafana.get("datasources", ["tempo"]))]
    if not grafana.get("prometheus_url"):
        listed = [name for name in listed if name != "prometheus"]
    grafana["datasources"] = listed
    grafana["logs_url"] = (grafana.get("logs_url") or EXAMPLES["logs_url"][1]) if "logs" in listed else None


def _slos(stack: Sections) -> None:
    slos = stack["slos"]
    if stack["span_metrics"]["source"] != "agents" or stack["alerts"].get("delivery", "none") == "none":
        slos.pop("enabled", None)
    slos["services"] = [*{one["service"]: one for one in slos.get("services", ())}.values()]
    slos["span_kinds"] = [*dict.fromkeys(slos.get("span_kinds", ("server",)))]


def _retention(stack: Sections) -> None:
    retention, tempo = stack["retention"], stack["tempo"]
    seen_after = tempo.get("max_block_duration_seconds", 1800) + 2 * tempo.get("blocklist_poll_seconds", 300)
    polls_hours = math.ceil(2 * tempo.get("blocklist_poll_seconds", 300) / 3600)
    retention["compacted_block_hours"] = max(retention.get("compacted_block_hours", 1), polls_hours)
    retention["detailed_hours"] = max(retention["detailed_hours"], math.ceil(seen_after / 3600))
    if (retention.get("long_term_hours") or math.inf) <= retention["detailed_hours"]:
        retention["long_term_hours"] = None
    longest = max(retention["detailed_hours"], retention.get("long_term_hours") or 0)
    if stack["span_metrics"]["source"] == "none":
        retention["aggregated_metrics_days"] = None
    if days := retention.get("aggregated_metrics_days"):
        retention["aggregated_metrics_days"] = max(days, math.ceil(longest / 24))
    tempo["search_window_hours"] = max(longest, tempo.get("search_window_hours", 1))


def _sampling(stack: Sections) -> None:
    sampling = stack["sampling"]
    sampling["long_term_baseline_percentage"] = min(
        sampling.get("long_term_baseline_percentage", 1.0), sampling["baseline_percentage"]
    )
    sampling["slow_threshold_ms"] = min(
        sampling["slow_threshold_ms"], sampling["decision_wait_seconds"] * 1000 - 1
    )


def _load(stack: Sections) -> None:
    load = stack["load"]
    load["average_spans_per_second"] = min(load["average_spans_per_second"], load["peak_spans_per_second"])
    # A little less than the rest: a sum of two floats may round to above 100.
    rest = (100 - load.get("failed_percentage", 1)) * 0.99
    load["slow_or_named_percentage"] = min(load.get("slow_or_named_percentage", 1), rest)


def _requests(stack: Sections) -> None:
    collectors, minio = stack["collectors"], stack["object_store"].get("minio")
    containers = [stack["tempo"]["resources"], collectors["agent"]["resources"], collectors["gateway"]]
    for container in [*containers, *([minio["resources"]] if minio else [])]:
        for kind in ("cpu_{}_millicores", "memory_{}_mib"):
            request, limit = kind.format("request"), kind.format("limit")
            if limit in container:
                container[request] = min(container[request], container[limit])


def _tenants_and_tls(stack: Sections) -> None:
    tenants, tls = stack["tenants"], stack["tls"]
    others = sorted({*tenants.get("namespaces", ())} - {tenants.get("default_tenant", "shared")})
    tenants["namespaces"] = (others or ["other-team"]) if tenants["mode"] == "by_namespace" else []
    _certificates(stack, tls)
    if senders := stack["network"].get("application_namespaces"):
        stack["network"]["application_namespaces"] = sorted({*senders, *tenants["namespaces"]})


def _certificates(stack: Sections, tls: dict[str, Any]) -> None:
    """Give the certificates one source, and remove what nothing verifies."""
    applications = tls.get("applications", "plaintext")
    if applications != "mutual_tls":
        tls.pop("applications_authority", None)
    if stack.get("span_metrics", {}).get("source") != "agents":
        tls.pop("span_metrics", None)
    if {tls["otlp"], applications, tls.get("span_metrics", "plaintext")} == {"plaintext"}:
        for name in ("issuer", "secrets", "authority"):
            tls.pop(name, None)
    elif tls.get("secrets") is None:
        tls["issuer"] = tls.get("issuer") or {"name": "fawkes-tracing"}
    else:
        tls.pop("issuer", None)
        if stack["tempo"]["deployment_mode"] == "monolithic" or tls["otlp"] == "plaintext":
            tls["secrets"].pop("tempo_gossip", None)
    encrypted = (stack["grafana"].get("prometheus_url") or "").startswith("https:")
    if not encrypted:
        tls.pop("prometheus_authority", None)
    if not encrypted or tls["otlp"] == "plaintext":
        tls.pop("prometheus_client_certificate", None)


def _sizes(stack: Sections) -> None:
    """Lower the load until the sizes it needs are within the limits, then raise the settings to those sizes."""
    gateway, tempo, load = stack["collectors"]["gateway"], stack["tempo"], stack["load"]
    agent = stack["collectors"]["agent"]["resources"]
    minio = stack["object_store"].get("minio", {})
    if tempo["deployment_mode"] == "monolithic":
        _memory_for_series(stack)
    while True:
        plan = make_plan(parse(stack))
        queues = smallest_queue_volume_bytes(parse(stack))
        needed = (
            (gateway, "queue_volume_gib", math.ceil(queues / 2**30), 1024),
            (gateway, "memory_ceiling_mib", plan.gateway.memory_limit_mib, 262_144),
            (gateway, "cpu_request_millicores", plan.cpu.gateway_at_peak, 64_000),
            (gateway, "cpu_limit_millicores", plan.cpu.gateway_in_incident, 64_000),
            (agent, "memory_limit_mib", agent_memory_mib(parse(stack)), 262_144),
            (agent, "cpu_request_millicores", plan.cpu.agent_at_peak, 64_000),
            (agent, "cpu_limit_millicores", plan.cpu.busiest_agent, 64_000),
            (tempo, "volume_size_gib", math.ceil(plan.storage.ingester_volume_bytes / 2**30), 4096),
            (
                tempo,
                "generator_volume_size_gib",
                math.ceil(plan.storage.generator_volume_bytes / 2**30),
                4096,
            ),
            (minio, "volume_size_gib", math.ceil(plan.storage.stored_bytes / 0.8 / 2**30), 65_536),
        )
        if all(size <= limit for section, _, size, limit in needed if section):
            break
        load["peak_spans_per_second"] = max(1, load["peak_spans_per_second"] // 10)
        load["average_spans_per_second"] = min(load["average_spans_per_second"], load["peak_spans_per_second"])
    for section, name, size, _ in needed:
        if section:
            section[name] = max(section.get(name, 1), size)


def _memory_for_series(stack: Sections) -> None:
    """Lower the limit on series to what any machine has memory for, then raise the memory to it."""
    grafana, resources = stack["grafana"], stack["tempo"]["resources"]
    grafana["max_active_series_per_tenant"] = min(grafana.get("max_active_series_per_tenant", 10_000), 10_000)
    settings = parse(stack)
    needed = series_memory_mib(settings.grafana, settings.tenants)
    resources["memory_limit_mib"] = max(resources["memory_limit_mib"], needed)
