"""Policies of the sampler that give traces up; the collector counts what each of them dropped by its name.

They are judged in order, before those that keep, and a trace that one of them drops reaches no later one. So a
limit measures just what is kept: what no policy keeps was dropped before. A policy drops what all of its parts
match, its parts are judged in order, and only a trace that reaches a limit takes from it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from plan.ceiling import CeilingPlan
from render.collectors.common import literal
from render.collectors.matching import PATH_ATTRIBUTES, SERVICE_ATTRIBUTE, matching
from render.text import Config
from settings.sampling import Sampling, ServiceLimit

HEALTH_CHECKS, NOT_KEPT, NOISY = "health-checks", "not-kept", "noisy-"
# What is given up above the ceiling, in the order of sacrifice.
ORDER_OF_SACRIFICE: Final = ("ordinary", "slow", "named", "failed")
CEILING: Final = "ceiling-"
# The sampler decides once a second; a late tick decides two seconds' traces.
_TICKS_AT_ONCE = 2
# A gateway that stood still for seconds decides on all their traces at once, and no limit refills meanwhile. With
# this much more to take from, failed traces pass still when the others have used up theirs.
_MORE_TICKS_FOR_FAILED = 3


@dataclass(frozen=True, kw_only=True)
class Classes:
    """The policies that keep traces, by what a trace is for them.

    `spared` is given up with the failed ones, and `long_term`, a share of the ordinary ones, with these.
    """

    failed: Sequence[Config]
    spared: Sequence[Config]
    named: Sequence[Config]
    slow: Sequence[Config]
    long_term: Sequence[Config]
    ordinary: Sequence[Config]


def drop_policies(
    sampling: Sampling, ceiling: CeilingPlan, keep: Classes, shards: int, gateways: float
) -> list[Config]:
    """Return the policies in the order in which they are judged."""
    kept_by_any = [*keep.long_term, *keep.ordinary, *keep.failed, *keep.slow, *keep.named, *keep.spared]
    return [
        *_health_checks(sampling, keep),
        # Nothing else drops most traces, and the hash of the baseline rejects them first.
        _drop(NOT_KEPT, [_not(policy) for policy in kept_by_any]),
        *(_noisy(limit, keep, ceiling, shards, gateways) for limit in sampling.service_limits),
        *_ceilings(ceiling, keep, shards),
    ]


def _ceilings(ceiling: CeilingPlan, keep: Classes, shards: int) -> Iterator[Config]:
    """Yield a policy for each level: above it, its class and those before it are given up."""
    more_important = {
        "ordinary": [*keep.failed, *keep.spared, *keep.named, *keep.slow],
        "slow": [*keep.failed, *keep.spared, *keep.named],
        "named": [*keep.failed, *keep.spared],
        "failed": [],
    }
    levels = (ceiling.ordinary, ceiling.slow, ceiling.named, ceiling.failed)
    for name, level in zip(ORDER_OF_SACRIFICE, levels, strict=True):
        others = [_not(policy) for policy in more_important[name]]
        more_ticks = _MORE_TICKS_FOR_FAILED if name == "failed" else 0
        # The limit first: each kept trace takes from each level, whatever it is.
        yield _drop(f"{CEILING}{name}", [_above(level / shards, ceiling.largest_trace_spans, more_ticks), *others])


def _noisy(limit: ServiceLimit, keep: Classes, ceiling: CeilingPlan, shards: int, gateways: float) -> Config:
    return _drop(
        f"{NOISY}{literal(limit.service)}",
        [
            matching("service", SERVICE_ATTRIBUTE, [limit.service]),
            *(_not(policy) for policy in keep.failed),
            _above(limit.kept_spans_per_second / gateways / shards, ceiling.largest_trace_spans),
        ],
    )


def _health_checks(sampling: Sampling, keep: Classes) -> Iterator[Config]:
    if sampling.health_check_paths:
        conditions = [
            f'IsRootSpan() and attributes["{key}"] == "{literal(path)}"'
            for path in sampling.health_check_paths
            for key in PATH_ATTRIBUTES
        ]
        is_one = {"error_mode": "ignore", "span": conditions}
        root = {"name": "root", "type": "ottl_condition", "ottl_condition": is_one}
        yield _drop(HEALTH_CHECKS, [root, *(_not(policy) for policy in keep.failed)])


def _above(spans_per_second: float, largest_trace_spans: int, more_ticks: int = 0) -> Config:
    """Return a part that matches what exceeds a rate; the largest trace, and what is late, may pass at once.

    `more_ticks` are seconds at this rate that may pass at once besides.

    The rate is that of one shard: the sampler divides rates by its shards, but not those within `not`
    (`divideAndSubPolicyRates` in its sharded_processor.go).
    """
    rate = max(1, round(spans_per_second))
    burst = max(rate * _TICKS_AT_ONCE, largest_trace_spans) + rate * more_ticks
    limit = {"spans_per_second": rate, "burst_capacity": burst}
    return _not({"name": "limit", "type": "rate_limiting", "rate_limiting": limit})


def _not(policy: Config) -> Config:
    return {"name": f"not-{policy['name']}", "type": "not", "not": {"not_sub_policy": policy}}


def _drop(name: str, parts: Sequence[Config]) -> Config:
    return {"name": name, "type": "drop", "drop": {"drop_sub_policy": list(parts)}}
