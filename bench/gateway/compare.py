"""`python -m bench gateway`: compare a gateway's configuration with a bare collector of the same binary.

Both are measured in one run, in turn, with the same spans: quiet, with one failed trace in a hundred, and in an
incident, in which all have failed. Then the same without each part of the configuration: the difference is the
part's share. Nothing here passes or fails.
"""

import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from rich.table import Table

from bench.gateway.documents import Document, bare, parts, sampler_alone
from bench.gateway.load import Block, blocks
from bench.gateway.measure import Measured, Place, measure, sink_of

# One namespace for each listed tenant of prod, and one that falls to the default tenant.
NAMESPACES = ("backstage", "argocd", "jenkins", "shop")
QUIET, INCIDENT = "quiet", "incident"
GATEWAY, BARE, SAMPLER = "gateway", "bare", "sampler alone"


@dataclass(frozen=True)
class Case:
    """A configuration under a load."""

    name: str
    load: str


Results = Mapping[Case, list[Measured]]


def compare(
    place: Place, document: Document, runs: int, report: Callable[[str], None], *, shares: bool
) -> list[Table]:
    """Measure everything in turn; return tables of medians."""
    documents: dict[str, Document] = {BARE: bare(), GATEWAY: document}
    if shares:
        documents |= {SAMPLER: sampler_alone(document), **parts(document)}
    results = run_all(place, documents, runs, report)
    return [summary(results), *([share_table(results)] if shares else [])]


def run_all(
    place: Place, documents: Mapping[str, Document], runs: int, report: Callable[[str], None]
) -> dict[Case, list[Measured]]:
    """Measure each document under both loads, all in turn, `runs` times; the bare collector under one load."""
    traffic: dict[str, Iterator[Block]] = {
        load: blocks(NAMESPACES, all_failed=load == INCIDENT) for load in (QUIET, INCIDENT)
    }
    cases = [Case(name, load) for name in documents for load in traffic]
    results: dict[Case, list[Measured]] = {case: [] for case in cases}
    with sink_of(place) as received:
        for run in range(runs):
            for case in cases:
                report(f"run {run + 1} of {runs}: {case.name}, {case.load}")
                results[case].append(measure(place, documents[case.name], traffic[case.load], received))
    return results


def median(results: Results, name: str, load: str) -> float:
    """Return the median CPU of a case, in microseconds a span."""
    return statistics.median(each.cpu for each in results[Case(name, load)])


def summary(results: Results) -> Table:
    """Return the gateway beside the bare collector."""
    table = Table(
        "load", "bare µs/span", "gateway µs/span", "ratio", "delivered/received", "B/span in flight", box=None
    )
    for load in (QUIET, INCIDENT):
        plain, whole = median(results, BARE, load), median(results, GATEWAY, load)
        runs = results[Case(GATEWAY, load)]
        received = statistics.median(each.delivered for each in results[Case(BARE, load)])
        delivered = statistics.median(each.delivered for each in runs) / received
        memory = statistics.median(each.memory for each in runs)
        table.add_row(
            load, f"{plain:.1f}", f"{whole:.1f}", f"{whole / plain:.1f}", f"{delivered:.3f}", f"{memory:.0f}"
        )
    return table


def share_table(results: Results) -> Table:
    """Return what each part of the gateway costs: the gateway with it minus the gateway without it."""
    table = Table("part", "quiet µs/span", "incident µs/span", box=None)
    for name in dict.fromkeys(case.name for case in results):
        if name in (BARE, GATEWAY):
            continue
        base = BARE if name == SAMPLER else None
        table.add_row(name, *(f"{_share(results, name, load, base):.1f}" for load in (QUIET, INCIDENT)))
    return table


def _share(results: Results, name: str, load: str, base: str | None) -> float:
    own = median(results, name, load)
    return own - median(results, base, load) if base else median(results, GATEWAY, load) - own
