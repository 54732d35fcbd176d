"""Which traces the gateway keeps, as tail sampling policies: a trace that any policy wants is kept."""

from plan.gateway import GatewayPlan
from render.collector import literal
from render.text import Config
from settings.sampling import Sampling

# Old and new names of the same thing; SDKs of both kinds send to the same gateway.
USER_KEYS = ("user.id", "enduser.id")
PATH_KEYS = ("http.route", "url.path", "http.target")


def tail_sampling(sampling: Sampling, plan: GatewayPlan) -> Config:
    """Return the tail_sampling processor, sized by the plan."""
    return {
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


def policies(sampling: Sampling) -> list[Config]:
    """Return the policies in a stable order; their names appear in the collector's own metrics."""
    return [
        {"name": "errors", "type": "status_code", "status_code": {"status_codes": ["ERROR"]}},
        {"name": "slow", "type": "latency", "latency": {"threshold_ms": sampling.slow_threshold_ms}},
        *_named("user", USER_KEYS, sampling.named_users),
        *_named("path", PATH_KEYS, sampling.named_paths),
        {
            "name": "baseline",
            "type": "probabilistic",
            "probabilistic": {"sampling_percentage": sampling.baseline_percentage},
        },
    ]


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
