"""Checks between sections: each is a function from settings to the problems it finds.

A new rule is a new function in `CHECKS`. None of them raises, so all problems are reported at once.
Rules that need derived numbers (memory, volumes) live with those numbers, in `plan/limits.py`.
"""

from collections.abc import Callable, Iterator

from settings.checks import (
    aws,
    grafana,
    images,
    network,
    retention,
    scrubbing,
    slos,
    span_metrics,
    store,
    tempo,
    tenancy,
    tls,
    traffic,
)
from settings.problems import Problem
from settings.stack import StackSettings

CHECKS: tuple[Callable[[StackSettings], Iterator[Problem]], ...] = (
    tempo.the_version_is_supported,
    tempo.tempo_image_has_the_configured_version,
    tempo.processes_fit_the_mode,
    tempo.only_tempo_3_microservices_use_kafka,
    tempo.microservices_have_a_cache,
    tempo.zones_are_required_for_copies,
    tempo.limits_are_not_below_requests,
    images.images_are_pinned,
    images.the_mirror_replaces_a_registry,
    images.pull_secrets_are_listed_once,
    images.the_check_has_an_image,
    store.store_settings_fit_its_kind,
    store.encryption_fits_the_store,
    store.images_of_the_store_are_set,
    store.irsa_has_its_oidc_provider,
    store.noncurrent_versions_reach_glacier_before_they_expire,
    aws.the_region_exists,
    aws.arns_are_of_the_regions_partition,
    aws.arns_are_of_one_account,
    aws.the_context_is_the_eks_cluster,
    aws.irsa_finds_its_token_service,
    retention.the_long_term_tier_is_longer,
    retention.the_search_window_covers_the_retention,
    retention.blocks_are_found_within_their_retention,
    retention.compacted_blocks_outlive_the_polls,
    retention.metrics_outlive_the_traces,
    retention.the_long_term_share_is_within_the_baseline,
    traffic.the_decision_outlasts_the_senders_batch,
    traffic.slow_traces_end_before_they_are_decided,
    traffic.the_average_is_below_the_peak,
    traffic.kept_percentages_are_within_all_traces,
    tenancy.tenants_are_consistent,
    tls.certificates_have_one_source,
    tls.span_metrics_are_there,
    tls.authorities_verify_something,
    tls.gossip_has_a_certificate_where_it_is,
    tls.prometheus_is_reached_by_tls,
    grafana.datasources_have_an_address,
    grafana.datasources_are_listed_once,
    network.addresses_are_networks,
    network.tenants_may_send,
    span_metrics.span_metrics_reach_prometheus,
    span_metrics.dimensions_have_an_effect,
    span_metrics.dimensions_are_listed_once,
    slos.slos_count_every_request,
    slos.slos_are_evaluated,
    slos.objectives_are_stated_once,
    slos.span_kinds_are_listed_once,
    scrubbing.additional_patterns_are_cheap_ones_of_go,
    scrubbing.only_an_allow_list_names_allowed_keys,
    scrubbing.routing_reads_what_it_needs,
)
