"""The section `queries` of docs/performance.md."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from bench.markdown import figures
from bench.queries.ask import SEARCHES, Times
from plan.cost.bill import shown
from settings.stack import StackSettings


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What was asked beside a load; rates in spans a second, as planned, accepted, refused and stored by Tempo."""

    planned: int
    sent: float
    refused: float
    stored: float
    own_cores: float
    busy_cores: float
    blocks: int
    ids: int
    searches: Times
    lookups: Times


def text(stack: str, settings: StackSettings, found: Sequence[Answers]) -> str:
    """Return what it means, and the table."""
    first, *_, last = found
    return f"""\
Beside the planned peak of {stack}, 95 of 100 searches are answered within {_ms(first.searches.p95)}, and traces by
their ids within {_ms(first.lookups.p95)}; beside {last.planned / first.planned:g} times the peak, within \
{_ms(last.searches.p95)} and {_ms(last.lookups.p95)}.

{figures(("", *(f"{shown(each.planned)} spans/s" for each in found)), _rows(found))}

The searches, in turn, each over the last 15 minutes or the last hour and for 20 traces:

{_searches()}
Tempo runs as `tempo.deployment_mode: {settings.tempo.deployment_mode}` with a limit of \
{settings.tempo.resources.cpu_limit_millicores / 1000:g} cores; the whole stack, its object store and the
questions share this machine."""


def _rows(found: Sequence[Answers]) -> list[tuple[str, ...]]:
    return [
        ("spans/s accepted by the agent", *(shown(each.sent) for each in found)),
        ("spans/s refused by the agent", *(shown(each.refused) for each in found)),
        ("spans/s received by Tempo", *(shown(each.stored) for each in found)),
        ("blocks in the bucket", *(str(each.blocks) for each in found)),
        *_times("search", [each.searches for each in found]),
        *_times("trace by id", [each.lookups for each in found]),
        ("different ids", *(str(each.ids) for each in found)),
        ("cores that sender and questions took", *(f"{each.own_cores:.2f}" for each in found)),
        (f"cores busy, of {os.cpu_count()}", *(f"{each.busy_cores:.2f}" for each in found)),
    ]


def _times(name: str, found: Sequence[Times]) -> list[tuple[str, ...]]:
    return [
        (f"{name}: answers, errors", *(f"{len(each.milliseconds)}, {each.errors}" for each in found)),
        (f"{name}: median", *(_ms(each.median) for each in found)),
        (f"{name}: P95", *(_ms(each.p95) for each in found)),
    ]


def _searches() -> str:
    return "".join(f"- `{query}`\n" for query, _ in SEARCHES)


def _ms(milliseconds: float) -> str:
    return f"{milliseconds:.0f} ms"
