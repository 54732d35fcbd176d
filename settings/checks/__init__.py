"""Checks between sections: each is a function from settings to the problems it finds.

A new rule is a new function in `CHECKS`. None of them raises: all problems are told at once.
Rules that need derived numbers (memory, volumes) live with those numbers, in `plan/limits.py`.
"""

from collections.abc import Callable, Iterator

from settings.checks import images, retention, store, tempo, tenancy, traffic
from settings.problems import Problem
from settings.stack import StackSettings

CHECKS: tuple[Callable[[StackSettings], Iterator[Problem]], ...] = (
    tempo.the_version_is_known,
    tempo.tempo_image_has_the_configured_version,
    tempo.the_mode_has_the_processes_it_needs,
    tempo.only_tempo_3_of_microservices_has_a_kafka,
    tempo.microservices_have_a_cache,
    tempo.limits_are_not_below_requests,
    images.every_image_stays_the_same,
    store.store_settings_fit_its_kind,
    store.encryption_fits_the_store,
    store.images_of_the_store_are_named,
    store.the_identity_has_what_it_needs,
    store.noncurrent_versions_reach_glacier_before_they_expire,
    retention.retention_tiers_grow,
    retention.searches_reach_all_that_is_kept,
    retention.blocks_are_flushed_and_seen_within_their_retention,
    retention.compacted_blocks_outlive_the_polls,
    retention.metrics_outlive_the_traces,
    retention.the_thin_sample_is_part_of_the_baseline,
    traffic.the_decision_outlasts_the_senders_batch,
    traffic.slow_traces_end_before_they_are_decided,
    traffic.the_average_is_below_the_peak,
    tenancy.tenants_are_consistent,
    tenancy.certificates_have_an_issuer,
)
