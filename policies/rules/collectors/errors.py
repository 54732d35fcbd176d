"""Traces with errors are always kept."""

import re
from collections.abc import Iterator

from pydantic import Field

from policies.collector_config import collector_files, kind_of, pipelines
from policies.config_maps import CONFIG_MAP, File
from policies.property import Property
from policies.recorded import spared_policies
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

# A condition on the resource alone chooses whose spans a pipeline is for.
_ON_RESOURCE = re.compile(r"""resource\.attributes\["[^"]*"\] (?:==|!=) (?:"[^"]*"|nil)""")
_NO_ERROR = re.compile(
    r"(?:span\.)?status\.code (?:!= (?:STATUS_CODE_ERROR|2)|== (?:STATUS_CODE_(?:OK|UNSET)|[01]))"
)

# Tempo refuses such a span, and everything in its request: whoever drops it keeps what can be kept.
_REFUSED = re.compile(r"span\.(?:trace_id == TraceID\(0x0{32}\)|span_id == SpanID\(0x0{16}\))")


class Ceiling(Bounds):
    """A ceiling above which failed traces may be given up."""

    min_spans_per_second: float = Field(
        10,
        description="Spans a second up to which each part of a sampler (num_shards) keeps failed traces at least.",
    )


def check(config_map: Resource, bounds: Ceiling) -> Iterator[str]:
    """Yield each sampler that a trace with an error may not pass."""
    for file in collector_files(config_map):
        for name in dict.fromkeys(name for pipeline in pipelines(file.document) for name in pipeline.processors):
            processor = file.document["processors"][name]
            if kind_of(name) == "tailsampling":
                yield from _tail_sampler(f"{name} in {file.name}", processor, bounds)
            elif kind_of(name) == "probabilisticsampler":
                yield f"{name} in {file.name} samples by the trace's id alone, errors included."
            elif kind_of(name) == "filter":
                yield from _filter(file, name, processor)


def _tail_sampler(what: str, processor: Property, bounds: Ceiling) -> Iterator[str]:
    policies = processor["policies"].items()
    if not any(_keeps_errors(policy) for policy in policies):
        yield f"No policy of {what} keeps every trace with the status ERROR."
    for policy in policies:
        if _vetoes(policy, bounds) or _inverts(policy):
            yield f"Policy {policy['name'].text('without a name')} of {what} drops traces with errors, too."


def _keeps_errors(policy: Property) -> bool:
    """Return whether a policy alone keeps them; in an `and` it needs others, in a `composite` it has a budget."""
    kind = policy["type"].text("")
    if kind == "status_code":
        return "ERROR" in policy["status_code"]["status_codes"].texts()
    return kind == "always_sample"


def _vetoes(policy: Property, bounds: Ceiling) -> bool:
    """Return whether a policy drops failed traces below a rate, too; it drops what all of its parts match."""
    if policy["type"].text("") != "drop":
        return False
    unmatched = [
        part["not"]["not_sub_policy"]
        for part in policy["drop"]["drop_sub_policy"].items()
        if part["type"].text("") == "not"
    ]
    return not any(_keeps_errors(each) or _limits(each, bounds) for each in unmatched)


def _limits(policy: Property, bounds: Ceiling) -> bool:
    rate = policy["rate_limiting"]["spans_per_second"].number(0)
    return policy["type"].text("") == "rate_limiting" and rate >= bounds.min_spans_per_second


def _inverts(policy: Property) -> bool:
    return policy[policy["type"].text("")]["invert_match"].flag(False)


def _filter(file: File, name: str, processor: Property) -> Iterator[str]:
    conditions = [*processor["traces"]["span"].texts(), *processor["trace_conditions"].texts()]
    recorded = _policies_of_errors(file.document)
    if any(_drops_errors(condition) and not recorded & spared_policies(condition) for condition in conditions):
        yield f"{name} in {file.name} drops spans with errors, too."


def _policies_of_errors(document: Property) -> set[str]:
    """Return the policies that are recorded for every trace with an error: each is its sampler's first."""
    keeping = [
        [policy for policy in processor["policies"].items() if policy["type"].text("") != "drop"]
        for name, processor in document["processors"].fields().items()
        if kind_of(name) == "tailsampling"
    ]
    return {policy["name"].text("") for policies in keeping for policy in policies[:1] if _keeps_errors(policy)}


def _drops_errors(condition: str) -> bool:
    """Return whether a condition may hold for a span with an error, whosever it is."""
    alternatives = [re.split(r"\band\b", each) for each in re.split(r"\bor\b", condition)]
    if all(_ON_RESOURCE.fullmatch(part.strip()) for parts in alternatives for part in parts):
        return False
    return not all(any(_may_go(part.strip()) for part in parts) for parts in alternatives)


def _may_go(part: str) -> bool:
    return bool(_NO_ERROR.fullmatch(part) or _REFUSED.fullmatch(part))


RULE = ResourceRule(
    name="collectors-keep-errors",
    promise="Every trace with an error is kept, whatever else decides, up to the gateway's ceiling.",
    severity=Severity.CRITICAL,
    to_do="Add a status_code policy with ERROR at the top level, and remove what vetoes it; a drop policy needs a "
    "part that is not of errors, or not below a rate; a filter of spans "
    "needs status.code != STATUS_CODE_ERROR in each condition.",
    types=(CONFIG_MAP,),
    bounds=Ceiling,
    check=check,
)
