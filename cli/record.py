"""`python -m cli record`: check the arithmetic of the decision record's cost analysis.

It recomputes the record's results from the record's own figures, then corrects its mistakes one by one. Every
constant is a figure of the record (its sections on cost, sampling and requirements). docs/cost.md explains the
mistakes; `python -m cli cost` prints the costs that replace the record's.
"""

import argparse
from dataclasses import dataclass

from cli.table import table
from plan.cost.bill import BYTES_PER_BILLED_GB, shown

_SERVICES = 100
_REQUESTS_PER_SECOND = 1_000
_SPANS_PER_TRACE = 10
_SAMPLED_SHARE = 0.1
_SPAN_BYTES = 1_000
_COMPRESSION = 10
_DAYS_KEPT = 7
_STANDARD_USD = 0.023
_TIERED_USD = 0.0125
_TEMPO_REPLICAS, _TEMPO_CORES, _TEMPO_GB = 3, 2, 4
_NODES, _AGENT_CORES, _AGENT_GB = 10, 0.1, 0.128
_CORE_HOUR_USD = 0.04
_GB_HOUR_USD = 0.005
_SECONDS_PER_DAY = 86_400
# The record counts 30 days a month.
_HOURS_PER_MONTH = 30 * 24
# The rate that the record requires, and the volume that its sampling strategies state.
_REQUIRED_SPANS_PER_SECOND = 100_000
_NAMED_GB_PER_DAY = 50

_SPANS_PER_DAY = _SERVICES * _REQUESTS_PER_SECOND * _SPANS_PER_TRACE * _SECONDS_PER_DAY
_GB_PER_DAY = _SPANS_PER_DAY * _SAMPLED_SHARE * _SPAN_BYTES / _COMPRESSION / 1e9
# The record rounds 6.048 TB before it multiplies.
_ROUNDED_GB = 6_000
_TEMPO_CPU_USD = _TEMPO_REPLICAS * _TEMPO_CORES * _CORE_HOUR_USD * _HOURS_PER_MONTH
_TEMPO_MEMORY_USD = _TEMPO_REPLICAS * _TEMPO_GB * _GB_HOUR_USD * _HOURS_PER_MONTH
_AGENT_CPU_USD = _NODES * _AGENT_CORES * _CORE_HOUR_USD * _HOURS_PER_MONTH
_AGENT_MEMORY_USD = _NODES * _AGENT_GB * _GB_HOUR_USD * _HOURS_PER_MONTH


@dataclass(frozen=True, kw_only=True)
class Sum:
    """A result of the record: recomputed from its own figures, and as recorded."""

    what: str
    formula: str
    comes_to: float
    recorded: float


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A corrected mistake: the costs with it and all earlier ones corrected, in US dollars a month."""

    what: str
    storage_usd: float
    total_usd: float


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "record",
        help="check the decision record's cost analysis",
        description="Recompute the decision record's cost analysis from its own figures, then correct its "
        "mistakes one by one.",
    )
    parser.set_defaults(run=_run)


def _run(_parsed: argparse.Namespace) -> int:
    recorded = [(s.what, s.formula, shown(s.comes_to, 2), f"{s.recorded:,g}".replace(",", " ")) for s in sums()]
    corrected = [(c.what, shown(c.storage_usd, 2), shown(c.total_usd, 2)) for c in corrections()]
    print(table(("", "from the record's figures", "comes to", "record"), recorded, right=(2, 3)))
    print("Mended one after the other, US dollars a month\n")
    print(table(("", "storage", "in all"), corrected, right=(1, 2)), end="")
    return 0


def sums() -> tuple[Sum, ...]:
    """Return the record's results in its order, recomputed from its own figures; dollars are per month."""
    storage, tiering = _ROUNDED_GB * _STANDARD_USD, _ROUNDED_GB * _TIERED_USD
    pods = _TEMPO_CPU_USD + _TEMPO_MEMORY_USD + _AGENT_CPU_USD
    rows = (
        ("billion spans a day", "100 × 1 000/s × 10 × 86 400 s", _SPANS_PER_DAY / 1e9, 86.4),
        ("billion after sampling", "× 10 %", _SPANS_PER_DAY * _SAMPLED_SHARE / 1e9, 8.64),
        ("GB a day before compression", "× 1 kB", _GB_PER_DAY * _COMPRESSION, 8_640),
        ("GB a day", "÷ 10", _GB_PER_DAY, 864),
        ("GB kept, rounded to 6 TB", "× 7 days", _GB_PER_DAY * _DAYS_KEPT, 6_000),
        ("$ S3 Standard", "6 000 GB × $0.023", storage, 138),
        ("$ Intelligent-Tiering", "6 000 GB × $0.0125", tiering, 75),
        ("$ storage", "138 + 75", storage + tiering, 213),
        ("$ Tempo, CPU", "3 × 2 cores × $0.04 × 720 h", _TEMPO_CPU_USD, 173),
        ("$ Tempo, memory", "3 × 4 GB × $0.005 × 720 h", _TEMPO_MEMORY_USD, 43),
        ("$ agents, CPU", "10 × 0.1 cores × $0.04 × 720 h", _AGENT_CPU_USD, 29),
        ("$ infrastructure", "173 + 43 + 29", pods, 245),
        ("$ in all", "213 + 245", storage + tiering + pods, 458),
    )
    return tuple(Sum(what=w, formula=f, comes_to=c, recorded=r) for w, f, c, r in rows)


def corrections() -> tuple[Correction, ...]:
    """Correct the mistakes one by one, at the record's prices, until its figures agree with each other."""
    pods = _TEMPO_CPU_USD + _TEMPO_MEMORY_USD + _AGENT_CPU_USD
    rounded, kept = _ROUNDED_GB * _STANDARD_USD, _billed_usd(_GB_PER_DAY * _DAYS_KEPT)
    stated = _SERVICES * _REQUESTS_PER_SECOND * _SPANS_PER_TRACE / _REQUIRED_SPANS_PER_SECOND
    named = _billed_usd(_NAMED_GB_PER_DAY * _DAYS_KEPT)
    all_pods = pods + _AGENT_MEMORY_USD
    rows = (
        ("as recorded", rounded + _ROUNDED_GB * _TIERED_USD, pods),
        ("what Tempo deletes after 7 days is not stored a second time in another class", rounded, pods),
        ("6 048 GB, not 6 000, and a GB on the bill is 2^30 bytes", kept, pods),
        ("a span of 1 kB is compressed already: not ten times more", kept * _COMPRESSION, pods),
        ("100 000 spans/s as required, not the 1 000 000 multiplied", kept * _COMPRESSION / stated, pods),
        ("the agents' memory is not nothing: 10 × 0.128 GB", kept * _COMPRESSION / stated, all_pods),
        ("50 GB a day, as the record says twice elsewhere, not 864", named, all_pods),
    )
    return tuple(Correction(what=w, storage_usd=s, total_usd=s + p) for w, s, p in rows)


def _billed_usd(gigabytes: float) -> float:
    return gigabytes * 1e9 / BYTES_PER_BILLED_GB * _STANDARD_USD
