"""Tail sampling policies of the gateway: a trace that any policy samples is kept."""

from plan.gateway import LONG_TERM_WAIT_SECONDS, GatewayPlan
from render.collectors.common import literal
from render.text import Config
from settings.sampling import Sampling

# Old and new attribute names; SDKs of both generations send to the same gateway.
_USER_ATTRIBUTES = ("user.id", "enduser.id")
_PATH_ATTRIBUTES = ("http.route", "url.path", "http.target")


def tail_sampling(sampling: Sampling, plan: GatewayPlan) -> Config:
    """Return the tail_sampling processor, sized by the plan.

    Traces are spread over the shards by their ids. A shard receives, decides, and runs the kept traces through all
    following processors on one core.
    """
    return {
        "num_shards": plan.sampler_shards,
        "decision_wait": f"{sampling.decision_wait_seconds}s",
        "num_traces": plan.traces_in_flight,
        "expected_new_traces_per_sec": plan.expected_new_traces_per_second,
        # Late spans get the decision of their trace instead of starting a second one.
        "decision_cache": {
            "sampled_cache_size": plan.remembered_sampled,
            "non_sampled_cache_size": plan.remembered_not_sampled,
        },
        "policies": policies(sampling),
    }


def long_term_sampling(sampling: Sampling, plan: GatewayPlan) -> Config:
    """Return the second tail_sampling processor: it keeps failed traces and a low-rate sample of the rest.

    It receives only kept, scrubbed traces. The first sampler releases each of them whole, so the second need not
    wait for spans. Late spans get the decision of their trace, as in the first sampler.

    The low-rate sample is a share of all traces without error, not of the kept ones. Both samplers hash the trace
    id with the same salt and keep hashes below their percentage, so the baseline keeps every trace that the
    smaller long-term percentage keeps. With different salts 1 % after 10 % would be 0.1 %.
    """
    return {
        "decision_wait": f"{LONG_TERM_WAIT_SECONDS}s",
        "num_traces": plan.long_term.traces_in_flight,
        "expected_new_traces_per_sec": plan.long_term.expected_new_traces_per_second,
        "decision_cache": {
            "sampled_cache_size": plan.long_term.remembered,
            "non_sampled_cache_size": plan.long_term.remembered,
        },
        "policies": [_errors(), _baseline(sampling.long_term_baseline_percentage)],
    }


def policies(sampling: Sampling) -> list[Config]:
    """Return the policies in a stable order; their names appear in the collector's own metrics."""
    return [
        _errors(),
        {"name": "slow", "type": "latency", "latency": {"threshold_ms": sampling.slow_threshold_ms}},
        *_named("user", _USER_ATTRIBUTES, sampling.named_users),
        *_named("path", _PATH_ATTRIBUTES, sampling.named_paths),
        _baseline(sampling.baseline_percentage),
    ]


def _errors() -> Config:
    return {"name": "errors", "type": "status_code", "status_code": {"status_codes": ["ERROR"]}}


def _baseline(percentage: float) -> Config:
    """Return the policy that keeps a percentage of all traces, by a hash of the trace id.

    Without `hash_salt`: both samplers of every gateway then use the processor's default salt.
    """
    return {
        "name": "baseline",
        "type": "probabilistic",
        "probabilistic": {"sampling_percentage": percentage},
    }


def _named(kind: str, keys: tuple[str, ...], values: tuple[str, ...]) -> list[Config]:
    """Return one exact-match policy for each attribute name; none without values."""
    if not values:
        return []
    return [
        {
            "name": f"named-{kind}-{key}",
            "type": "string_attribute",
            "string_attribute": {"key": key, "values": [literal(value) for value in values]},
        }
        for key in keys
    ]
