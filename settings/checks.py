"""Checks between sections: each is a function from settings to the problems it finds.

A new rule is a new function in `CHECKS`. None of them raises: all problems are told at once.
Rules that need derived numbers (memory, volumes) live with those numbers, in `plan/limits.py`.
"""

from collections.abc import Callable, Iterator

from settings.problems import Problem, shown
from settings.stack import StackSettings

# The SDKs send a batch every 5 s by default; a shorter wait decides traces before their spans arrived.
_SDK_BATCH_SECONDS = 5
# Tempo's manual: recent data must stay with the ingesters for two polls, or searches have a gap.
_POLLS_UNTIL_SEEN = 2
_HOURS_PER_DAY = 24


def tempo_image_has_the_configured_version(settings: StackSettings) -> Iterator[Problem]:
    """The version decides the configuration keys, so the image must be that version."""
    if settings.images.tempo.tag != settings.tempo.version:
        yield Problem(
            "images.tempo.tag",
            "differs from tempo.version, which decides the configuration that is written",
            shown(settings.images.tempo.tag),
            shown(settings.tempo.version),
            "Set both to the same version.",
        )


def store_settings_fit_its_kind(settings: StackSettings) -> Iterator[Problem]:
    """Each kind of store needs its own settings and refuses the others'."""
    store = settings.object_store
    for name, value, kind in (
        ("minio", store.minio, "minio"),
        ("endpoint", store.endpoint, "s3_compatible"),
    ):
        if (value is None) == (store.kind == kind):
            wanted = "a value" if value is None else "nothing"
            yield Problem(
                f"object_store.{name}",
                f"does not fit object_store.kind {shown(store.kind)}",
                "nothing" if value is None else "a value",
                wanted,
                f"{'Add' if value is None else 'Remove'} it, or change object_store.kind.",
            )
    if store.plain_http and store.kind != "s3_compatible":
        yield Problem(
            "object_store.plain_http",
            f"has a meaning only for an endpoint of your own, and object_store.kind is {shown(store.kind)}",
            "true",
            "false",
            "Remove it.",
        )


def encryption_fits_the_store(settings: StackSettings) -> Iterator[Problem]:
    """Amazon S3 always encrypts, and only it has the keys of sse_kms."""
    store = settings.object_store
    allowed = ("sse_s3", "sse_kms") if store.kind == "aws_s3" else ("none", "sse_s3")
    if store.encryption not in allowed:
        yield Problem(
            "object_store.encryption",
            f"is not to be had from object_store.kind {shown(store.kind)}",
            shown(store.encryption),
            " or ".join(allowed),
            f"Choose {' or '.join(allowed)}.",
        )


def images_of_the_store_are_named(settings: StackSettings) -> Iterator[Problem]:
    """What runs in the cluster for the store needs an image."""
    kind = settings.object_store.kind
    needed = {
        "object_store": kind == "minio",
        "object_store_client": kind != "aws_s3",
    }
    for name, wanted in needed.items():
        if wanted and getattr(settings.images, name) is None:
            yield Problem(
                f"images.{name}",
                f"is needed because object_store.kind is {shown(kind)}",
                "nothing",
                "an image",
                "Add its repository and tag.",
            )


def retention_tiers_grow(settings: StackSettings) -> Iterator[Problem]:
    """A longer tier that is shorter than the one below it keeps nothing."""
    retention = settings.retention
    if retention.long_term_hours is not None and retention.long_term_hours <= retention.detailed_hours:
        yield Problem(
            "retention.long_term_hours",
            "is not longer than retention.detailed_hours, so the tier would hold nothing of its own",
            shown(retention.long_term_hours),
            f"more than {retention.detailed_hours}",
            "Lengthen it, or remove it to do without the tier.",
        )


def searches_reach_all_that_is_kept(settings: StackSettings) -> Iterator[Problem]:
    """Tempo refuses a search over more time than its window, whatever is stored."""
    longest = max(settings.retention.detailed_hours, settings.retention.long_term_hours or 0)
    if settings.tempo.search_window_hours < longest:
        yield Problem(
            "tempo.search_window_hours",
            "is shorter than the longest retention, so old traces could be kept but not searched",
            shown(settings.tempo.search_window_hours),
            f"at least {longest}",
            f"Set it to {longest} or more, or shorten the retention.",
        )


def blocks_are_flushed_and_seen_within_their_retention(settings: StackSettings) -> Iterator[Problem]:
    """A block that is cut and polled later than it expires is never seen by a querier."""
    tempo = settings.tempo
    seen_after = tempo.max_block_duration_seconds + _POLLS_UNTIL_SEEN * tempo.blocklist_poll_seconds
    if seen_after > settings.retention.detailed_hours * 3600:
        yield Problem(
            "retention.detailed_hours",
            "is over before a block is cut and seen by queriers "
            f"(tempo.max_block_duration_seconds + {_POLLS_UNTIL_SEEN} × tempo.blocklist_poll_seconds)",
            shown(settings.retention.detailed_hours),
            f"at least {seen_after / 3600:.1f} hours",
            "Lengthen the retention, or shorten the block duration or the poll.",
        )


def the_decision_outlasts_the_senders_batch(settings: StackSettings) -> Iterator[Problem]:
    """A trace that is decided before its last spans arrive loses its errors."""
    if settings.sampling.decision_wait_seconds < _SDK_BATCH_SECONDS:
        yield Problem(
            "sampling.decision_wait_seconds",
            "is shorter than the SDKs' batch interval, so traces would be decided before they are whole",
            shown(settings.sampling.decision_wait_seconds),
            f"at least {_SDK_BATCH_SECONDS}",
            f"Set it to {2 * _SDK_BATCH_SECONDS} or more.",
        )


def slow_traces_end_before_they_are_decided(settings: StackSettings) -> Iterator[Problem]:
    """A trace slower than the wait is decided before its slowness is known."""
    sampling = settings.sampling
    if sampling.slow_threshold_ms >= sampling.decision_wait_seconds * 1000:
        yield Problem(
            "sampling.slow_threshold_ms",
            "is not below sampling.decision_wait_seconds, so no trace is known to be slow when it is decided",
            shown(sampling.slow_threshold_ms),
            f"less than {sampling.decision_wait_seconds * 1000}",
            "Lower the threshold or lengthen the wait.",
        )


def the_average_is_below_the_peak(settings: StackSettings) -> Iterator[Problem]:
    """The two figures are easily swapped."""
    load = settings.load
    if load.average_spans_per_second > load.peak_spans_per_second:
        yield Problem(
            "load.average_spans_per_second",
            "is above load.peak_spans_per_second",
            shown(load.average_spans_per_second),
            f"at most {load.peak_spans_per_second}",
            "Correct whichever of the two is wrong.",
        )
    if load.failed_percentage + load.slow_or_named_percentage > 100:  # noqa: PLR2004 - per cent
        yield Problem(
            "load.slow_or_named_percentage",
            "adds up to more than all traces with load.failed_percentage",
            shown(load.slow_or_named_percentage),
            f"at most {100 - load.failed_percentage:g}",
            "Count a trace that is both failed and slow as failed only.",
        )


def the_mode_has_the_processes_it_needs(settings: StackSettings) -> Iterator[Problem]:
    """One monolith is one process; replication needs as many ingesters as copies."""
    tempo = settings.tempo
    if tempo.deployment_mode == "monolithic" and tempo.ingesters != 1:
        yield Problem(
            "tempo.ingesters",
            "is more than one, which a monolithic Tempo does not support",
            shown(tempo.ingesters),
            "1",
            "Set it to 1, or set tempo.deployment_mode to microservices.",
        )
    if tempo.replication_factor > tempo.ingesters:
        yield Problem(
            "tempo.replication_factor",
            "asks for more copies than there are ingesters",
            shown(tempo.replication_factor),
            f"at most {tempo.ingesters}",
            "Add ingesters, or set it to 1.",
        )


def limits_are_not_below_requests(settings: StackSettings) -> Iterator[Problem]:
    """Kubernetes refuses a Pod whose limit is below its request."""
    containers: dict[str, object] = {
        "tempo.resources": settings.tempo.resources,
        "collectors.agent.resources": settings.collectors.agent.resources,
        "collectors.gateway": settings.collectors.gateway,
    }
    if settings.object_store.minio:
        containers["object_store.minio.resources"] = settings.object_store.minio.resources
    for path, container in containers.items():
        for request, limit in (
            ("cpu_request_millicores", "cpu_limit_millicores"),
            ("memory_request_mib", "memory_limit_mib"),
        ):
            asked, most = getattr(container, request, None), getattr(container, limit, None)
            if asked is not None and most is not None and most < asked:
                yield Problem(
                    f"{path}.{limit}", f"is below {path}.{request}", shown(most), f"at least {asked}",
                    "Raise the limit or lower the request.",
                )  # fmt: skip


def tenants_are_consistent(settings: StackSettings) -> Iterator[Problem]:
    """A list without a mode, or a mode without a list, is a half-made change."""
    tenants = settings.tenants
    if (tenants.mode == "by_namespace") != bool(tenants.namespaces):
        yield Problem(
            "tenants.namespaces",
            f"does not fit tenants.mode {shown(tenants.mode)}",
            shown(list(tenants.namespaces)),
            "at least one namespace" if tenants.mode == "by_namespace" else "an empty list",
            "List the namespaces with a tenant of their own, or change the mode.",
        )
    names = [*tenants.namespaces, tenants.default_tenant]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem(
            "tenants.namespaces",
            "names a tenant twice, counting tenants.default_tenant",
            shown(name),
            "each name once",
            "Remove or rename one of them.",
        )


def certificates_have_an_issuer(settings: StackSettings) -> Iterator[Problem]:
    """Certificates must come from somewhere, and plaintext needs none."""
    tls = settings.tls
    if (tls.otlp == "plaintext") != (tls.cluster_issuer is None):
        yield Problem(
            "tls.cluster_issuer",
            f"does not fit tls.otlp {shown(tls.otlp)}",
            "nothing" if tls.cluster_issuer is None else shown(tls.cluster_issuer),
            "nothing" if tls.otlp == "plaintext" else "the name of a ClusterIssuer",
            "Name the issuer that signs the certificates, or change tls.otlp.",
        )


CHECKS: tuple[Callable[[StackSettings], Iterator[Problem]], ...] = (
    tempo_image_has_the_configured_version,
    store_settings_fit_its_kind,
    encryption_fits_the_store,
    images_of_the_store_are_named,
    retention_tiers_grow,
    searches_reach_all_that_is_kept,
    blocks_are_flushed_and_seen_within_their_retention,
    the_decision_outlasts_the_senders_batch,
    slow_traces_end_before_they_are_decided,
    the_average_is_below_the_peak,
    the_mode_has_the_processes_it_needs,
    limits_are_not_below_requests,
    tenants_are_consistent,
    certificates_have_an_issuer,
)
