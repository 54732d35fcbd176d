"""What happens to the traffic: how many traces, how many of them are kept."""

from dataclasses import dataclass

from settings.load import Load
from settings.sampling import Sampling

# An incident multiplies failed traces, and all of them are kept. Ten times the usual share is the
# storm that limits must let through; beyond it Tempo refuses and says so in tempo_discarded_spans_total.
INCIDENT_FACTOR = 10.0


@dataclass(frozen=True)
class Traffic:
    """Rates in 1/s before sampling, and the shares (0 to 1) of traces that are kept."""

    peak_new_traces_per_second: float
    average_new_traces_per_second: float
    kept_share: float
    kept_share_in_incident: float
    long_term_share: float


def traffic(load: Load, sampling: Sampling) -> Traffic:
    """Derive rates and shares from the load and the sampling policies."""
    return Traffic(
        peak_new_traces_per_second=load.peak_spans_per_second / load.spans_per_trace,
        average_new_traces_per_second=load.average_spans_per_second / load.spans_per_trace,
        kept_share=kept_share(load, sampling, failed_factor=1.0),
        kept_share_in_incident=kept_share(load, sampling, failed_factor=INCIDENT_FACTOR),
        long_term_share=long_term_share(load, sampling),
    )


def kept_share(load: Load, sampling: Sampling, failed_factor: float) -> float:
    """Return kept / all traces: failed + slow or named + baseline × the rest, at most 1.

    `failed_factor` multiplies the failed share, to look at an incident.
    """
    always = min(1.0, (load.failed_percentage * failed_factor + load.slow_or_named_percentage) / 100)
    return always + (1 - always) * sampling.baseline_percentage / 100


def long_term_share(load: Load, sampling: Sampling) -> float:
    """Return traces that go to the long-term tier / all traces: failed + a thin sample of the rest."""
    failed = load.failed_percentage / 100
    return failed + (1 - failed) * sampling.long_term_baseline_percentage / 100
