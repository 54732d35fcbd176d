"""Tail sampling of the gateway: a trace that any policy samples is kept, unless a limit gives it up."""

from plan.plan import Plan
from render.collectors.failed import ERRORS, FAILED_WITHOUT_STATUS, failed_policies
from render.collectors.giving_up import Classes, drop_policies
from render.collectors.matching import PATH_ATTRIBUTES, SERVICE_ATTRIBUTE, USER_ATTRIBUTES, matching
from render.names import SYNTHETIC_CHECK
from render.tenants import long_term_tenants
from render.text import Config
from settings.stack import StackSettings

# The semantic conventions require it of a pipeline's resource.
_PIPELINE_ATTRIBUTE = "cicd.pipeline.name"
_LONG_TERM, _CHECK = "long-term", "synthetic-check"
# With the first feature gate the sampler writes the first policy that keeps a trace into the scope of each of its
# spans, also of late ones, over whatever a sender wrote there.
# The second counts spans by policy: the ceiling is a rate of spans, and so is what it gives up.
SAMPLING_FEATURE_GATES = (
    "processor.tailsamplingprocessor.recordpolicy",
    "processor.tailsamplingprocessor.metricstatcountspanssampled",
)
# The attribute of the scope that names the policy.
POLICY_ATTRIBUTE = "tailsampling.policy"
# What the long-term tier consists of: the traces that one of these policies keeps before any other.
LONG_TERM_POLICIES = (ERRORS, FAILED_WITHOUT_STATUS, _LONG_TERM, _CHECK)


def tail_sampling(settings: StackSettings, plan: Plan) -> Config:
    """Return the tail_sampling processor, sized by the plan.

    Traces are spread over the shards by their ids. A shard receives, decides, and runs the kept traces through all
    following processors on one core.
    """
    sampling, sizes = settings.sampling, plan.gateway
    keep = classes(settings)
    gateways = settings.collectors.gateway.replicas
    return {
        "num_shards": sizes.sampler_shards,
        "decision_wait": f"{sampling.decision_wait_seconds}s",
        "num_traces": sizes.table_traces,
        "expected_new_traces_per_sec": sizes.expected_new_traces_per_second,
        # Late spans of a kept trace follow it. Others are decided anew: a root may fail after the wait.
        "decision_cache": {
            "sampled_cache_size": sizes.remembered_sampled,
            "non_sampled_cache_size": sizes.remembered_not_sampled,
        },
        # A trace counts for the first policy that keeps it, which is the one that is recorded.
        "sample_on_first_match": True,
        "policies": [
            *drop_policies(sampling, plan.ceiling, keep, sizes.sampler_shards, gateways),
            *policies(keep),
        ],
    }


def policies(keep: Classes) -> list[Config]:
    """Return the policies that keep traces, in a stable order; their names appear in the collector's own metrics.

    Those of the long-term tier come first, because only the first that keeps a trace is recorded.
    """
    return [*keep.failed, *keep.long_term, *keep.spared, *keep.slow, *keep.named, *keep.ordinary]


def classes(settings: StackSettings) -> Classes:
    """Return the policies that keep traces, by what a trace is for them.

    The share of the long-term tier adds no trace to the kept ones: both percentages are of all traces, by the same
    hash, so what passes the smaller one passes the baseline too. With another salt 1 % after 10 % would be 0.1 %.
    The synthetic check's traces are the exception: all are kept, in both tiers, or the check could not read them
    back.
    """
    sampling = settings.sampling
    in_both_tiers = [_share(_LONG_TERM, sampling.long_term_baseline_percentage)]
    return Classes(
        failed=failed_policies(sampling.failed),
        spared=[matching(_CHECK, SERVICE_ATTRIBUTE, [SYNTHETIC_CHECK])]
        if settings.synthetic_check.enabled
        else [],
        # The policy keeps what lasts longer than its threshold, in whole milliseconds.
        slow=[{"name": "slow", "type": "latency", "latency": {"threshold_ms": sampling.slow_threshold_ms - 1}}],
        named=[
            *_named("user", USER_ATTRIBUTES, sampling.named_users),
            *_named("path", PATH_ATTRIBUTES, sampling.named_paths),
            *_named("service", (SERVICE_ATTRIBUTE,), sampling.named_services),
            *([_pipelines()] if sampling.keep_pipelines else []),
        ],
        long_term=in_both_tiers if long_term_tenants(settings) else [],
        ordinary=[_share("baseline", sampling.baseline_percentage)],
    )


def _pipelines() -> Config:
    """Return a policy that keeps traces with any value of the attribute, be it a resource's or a span's.

    It decides each part of a trace alike, however long after the first it comes: a decision that is no longer
    remembered is made again with the same result.
    """
    any_value = {"key": _PIPELINE_ATTRIBUTE, "values": [".+"], "enabled_regex_matching": True}
    return {"name": "pipelines", "type": "string_attribute", "string_attribute": any_value}


def _share(name: str, percentage: float) -> Config:
    """Return a policy that keeps a percentage of all traces, by a hash of the trace id.

    Without `hash_salt`: every policy of every gateway then uses the processor's default salt.
    """
    return {"name": name, "type": "probabilistic", "probabilistic": {"sampling_percentage": percentage}}


def _named(kind: str, keys: tuple[str, ...], values: tuple[str, ...]) -> list[Config]:
    """Return one exact-match policy for each attribute name; none without values."""
    return [matching(f"named-{kind}-{key}", key, values) for key in keys] if values else []
