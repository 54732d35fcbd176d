"""How many traces arrive, and which share of them is kept."""

from dataclasses import dataclass

from settings.load import Load
from settings.retention import Retention
from settings.sampling import Sampling

# An incident multiplies failed traces, and all of them are kept. Limits must admit a storm of ten times the usual
# share; beyond it Tempo refuses spans and counts them in tempo_discarded_spans_total.
INCIDENT_FACTOR = 10.0


@dataclass(frozen=True)
class Traffic:
    """The rate of new traces in 1/s before sampling, and the shares (0 to 1) of traces that are kept."""

    peak_new_traces_per_second: float
    kept_share: float
    kept_share_in_incident: float
    long_term_share: float
    long_term_share_in_incident: float

    def sent_share(self, retention: Retention) -> float:
        """Return traces sent to Tempo / all traces; a trace of both tiers is sent twice, to two tenants."""
        return self.kept_share + (self.long_term_share if retention.long_term_hours else 0)

    def sent_share_in_incident(self, retention: Retention) -> float:
        """Return the same for an incident."""
        return self.kept_share_in_incident + (self.long_term_share_in_incident if retention.long_term_hours else 0)


def traffic(load: Load, sampling: Sampling) -> Traffic:
    """Derive the rate and the shares from the load and the sampling policies."""
    return Traffic(
        peak_new_traces_per_second=load.peak_spans_per_second / load.spans_per_trace,
        kept_share=kept_share(load, sampling, failed_factor=1.0),
        kept_share_in_incident=kept_share(load, sampling, failed_factor=INCIDENT_FACTOR),
        long_term_share=long_term_share(load, sampling, failed_factor=1.0),
        long_term_share_in_incident=long_term_share(load, sampling, failed_factor=INCIDENT_FACTOR),
    )


def kept_share(load: Load, sampling: Sampling, failed_factor: float) -> float:
    """Return kept / all traces: failed + slow or named + baseline × the rest, at most 1.

    `failed_factor` multiplies the failed share, as an incident does.
    """
    always = min(1.0, (load.failed_percentage * failed_factor + load.slow_or_named_percentage) / 100)
    return always + (1 - always) * sampling.baseline_percentage / 100


def long_term_share(load: Load, sampling: Sampling, failed_factor: float) -> float:
    """Return traces of the long-term tier / all traces: failed + a low-rate sample of the rest, at most 1."""
    failed = min(1.0, load.failed_percentage * failed_factor / 100)
    return failed + (1 - failed) * sampling.long_term_baseline_percentage / 100
