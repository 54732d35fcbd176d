"""The decision record's cost analysis: its sum from its own figures, and where the arithmetic goes wrong.

Every constant is a figure of the record (its sections on cost, on sampling and on requirements); docs/cost.md
tells the story, and `python -m cli cost` has what takes its place.
"""

from dataclasses import dataclass

from plan.cost.bill import BYTES_PER_BILLED_GB

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
# The record's month has 30 days.
_HOURS_PER_MONTH = 30 * 24
# What the record requires, and the volume that it names under sampling strategies.
_REQUIRED_SPANS_PER_SECOND = 100_000
_NAMED_GB_PER_DAY = 50

_SPANS_PER_DAY = _SERVICES * _REQUESTS_PER_SECOND * _SPANS_PER_TRACE * _SECONDS_PER_DAY
_GB_PER_DAY = _SPANS_PER_DAY * _SAMPLED_SHARE * _SPAN_BYTES / _COMPRESSION / 1e9
# As the record has it: 6.048 TB, rounded before it is multiplied.
_ROUNDED_GB = 6_000
_TEMPO_CPU_USD = _TEMPO_REPLICAS * _TEMPO_CORES * _CORE_HOUR_USD * _HOURS_PER_MONTH
_TEMPO_MEMORY_USD = _TEMPO_REPLICAS * _TEMPO_GB * _GB_HOUR_USD * _HOURS_PER_MONTH
_AGENT_CPU_USD = _NODES * _AGENT_CORES * _CORE_HOUR_USD * _HOURS_PER_MONTH
_AGENT_MEMORY_USD = _NODES * _AGENT_GB * _GB_HOUR_USD * _HOURS_PER_MONTH


@dataclass(frozen=True, kw_only=True)
class Sum:
    """One of the record's results: what its own figures come to, and what it says."""

    what: str
    formula: str
    comes_to: float
    recorded: float


@dataclass(frozen=True, kw_only=True)
class Correction:
    """One mistake mended, those before it too: storage and the whole, in US dollars a month."""

    what: str
    storage_usd: float
    total_usd: float


def sums() -> tuple[Sum, ...]:
    """Return the record's results in its order, each from its own figures; dollars are a month's."""
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
    """Mend one mistake after the other, in the record's own prices, until its figures agree with each other."""
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
