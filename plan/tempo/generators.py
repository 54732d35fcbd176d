"""Metrics generators: whether they run, how many, their memory, and what their volumes hold."""

import math

from plan.tempo.sizes import GENERATOR_MB_PER_SECOND, TempoRates, replicas_for
from plan.tempo.timing import TimingPlan
from plan.traffic import Traffic
from plan.units import MIB
from settings.grafana import Grafana
from settings.stack import StackSettings
from settings.tempo import Tempo
from settings.tenants import Tenants

# CPU, and memory at least: as in Tempo's jsonnet.
GENERATOR_CPU_MILLICORES = 1000
_MIN_MEMORY_MIB = 2048
# A generator's own needs, and those of spans in progress, beside its series.
_BASE_MIB = 1024
# Measured with Tempo 2.10.8: before a collection the heap had 249 MB with 76 000 series of span metrics that went
# out by remote write, and 416 MB with 152 000: 2 200 bytes for each, and half as much again for longer labels.
_BYTES_PER_SERIES = 3_300
# What goes to Prometheus is in a log first: 240 samples an hour (Tempo's collection interval is 15 s) of about 11
# bytes. Every two hours two thirds of the log are deleted (DB.truncate in Prometheus' tsdb/agent/db.go), which
# leaves three hours at most.
_LOG_BYTES_PER_SERIES = 3 * 240 * 11
# A limit in steps, so that a new tenant or a slightly higher limit does not restart the generators.
_STEP_MIB = 1024


def generators_run(tempo: Tempo, grafana: Grafana) -> bool:
    """Return whether anything needs them: a Prometheus, or in 2.x TraceQL metrics."""
    return grafana.prometheus_url is not None or tempo.generators_write_blocks


def generator_replicas(tempo: Tempo, rates: TempoRates, minimum: int) -> int:
    """Return the metrics generators that the peak requires.

    No autoscaler: with each change of their number series move between generators, and counters restart. More
    than one for a partition of Kafka would be idle.
    """
    replicas = replicas_for(rates.peak_mb_per_second, GENERATOR_MB_PER_SECOND, minimum)
    return min(replicas, tempo.ingesters) if tempo.needs_kafka else replicas


def generator_memory_mib(grafana: Grafana, tenants: Tenants) -> int:
    """Return each generator's memory limit: enough for all tenants of a tier at their limit of series."""
    if grafana.prometheus_url is None:
        return _MIN_MEMORY_MIB
    return max(_MIN_MEMORY_MIB, math.ceil(series_memory_mib(grafana, tenants) / _STEP_MIB) * _STEP_MIB)


def series_memory_mib(grafana: Grafana, tenants: Tenants) -> int:
    """Return what a process needs beside and for all series; 0 without a Prometheus."""
    needed = _BASE_MIB + _series(grafana, tenants) * _BYTES_PER_SERIES / MIB
    return 0 if grafana.prometheus_url is None else math.ceil(needed)


def generator_volume_bytes(settings: StackSettings, traffic: Traffic, timing: TimingPlan, generators: int) -> int:
    """Return the bytes of blocks, and of the log of series, that each generator has on its volume.

    Blocks: peak bytes/s of the detailed tier × (a block's duration + the time it stays) / generators, because each
    trace is with one generator. None where generators write no blocks.
    """
    load = settings.load
    rate = load.peak_spans_per_second * traffic.kept_share * load.span_bytes_stored
    blocks = rate * (timing.metrics_flush_seconds + timing.metrics_kept_seconds) / generators
    log = _series(settings.grafana, settings.tenants) * _LOG_BYTES_PER_SERIES
    return math.ceil(blocks if settings.tempo.generators_write_blocks else 0) + log


def _series(grafana: Grafana, tenants: Tenants) -> int:
    """Return the series that a generator may hold for all tenants of a tier; none without a Prometheus."""
    return tenants.of_each_tier * grafana.max_active_series_per_tenant if grafana.prometheus_url else 0
