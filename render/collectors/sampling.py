"""Which traces the gateway keeps, as tail sampling policies: a trace that any policy wants is kept."""

from plan.gateway import LONG_TERM_WAIT_SECONDS, GatewayPlan
from render.collectors.common import literal
from render.text import Config
from settings.sampling import Sampling

# Old and new names of the same thing; SDKs of both kinds send to the same gateway.
USER_KEYS = ("user.id", "enduser.id")
PATH_KEYS = ("http.route", "url.path", "http.target")


def tail_sampling(sampling: Sampling, plan: GatewayPlan) -> Config:
    """Return the tail_sampling processor, sized by the plan.

    A shard takes in, decides, and carries what it keeps through all that follows, on one processor; each has its
    share of the traces, by their ids.
    """
    return {
        "num_shards": plan.sampler_shards,
        "decision_wait": f"{sampling.decision_wait_seconds}s",
        "num_traces": plan.traces_in_flight,
        "expected_new_traces_per_sec": plan.expected_new_traces_per_second,
        # Late spans follow their trace's decision instead of starting a second trace.
        "decision_cache": {
            "sampled_cache_size": plan.remembered_sampled,
            "non_sampled_cache_size": plan.remembered_not_sampled,
        },
        "policies": policies(sampling),
    }


def long_term_sampling(sampling: Sampling, plan: GatewayPlan) -> Config:
    """Return the second tail_sampling processor: of the kept traces, the failed ones and a thin sample.

    It sees scrubbed traces only, each whole in one piece, because the first one releases them so: it need not
    wait for spans. Late spans follow the decision here as they do there.

    The thin sample is of all traces without error, not of the kept ones. Both stages hash the trace id with
    the same salt and keep what is below their percentage, so a trace that the long-term percentage takes is
    taken by any larger baseline as well; with salts of their own, 1 % behind 10 % would be 0.1 %.
    """
    return {
        "decision_wait": f"{LONG_TERM_WAIT_SECONDS}s",
        "num_traces": plan.long_term.traces_in_flight,
        "expected_new_traces_per_sec": plan.long_term.expected_new_traces_per_second,
        "decision_cache": {
            "sampled_cache_size": plan.long_term.remembered,
            "non_sampled_cache_size": plan.long_term.remembered,
        },
        "policies": [_errors(), _share(sampling.long_term_baseline_percentage)],
    }


def policies(sampling: Sampling) -> list[Config]:
    """Return the policies in a stable order; their names appear in the collector's own metrics."""
    return [
        _errors(),
        {"name": "slow", "type": "latency", "latency": {"threshold_ms": sampling.slow_threshold_ms}},
        *_named("user", USER_KEYS, sampling.named_users),
        *_named("path", PATH_KEYS, sampling.named_paths),
        _share(sampling.baseline_percentage),
    ]


def _errors() -> Config:
    return {"name": "errors", "type": "status_code", "status_code": {"status_codes": ["ERROR"]}}


def _share(percentage: float) -> Config:
    """Return the policy that keeps this much of everything, by a hash of the trace id.

    Without `hash_salt`, so that every stage of every gateway has the same one, the processor's own.
    """
    return {
        "name": "baseline",
        "type": "probabilistic",
        "probabilistic": {"sampling_percentage": percentage},
    }


def _named(kind: str, keys: tuple[str, ...], values: tuple[str, ...]) -> list[Config]:
    """Return one exact-match policy for each attribute name, or none without values."""
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
