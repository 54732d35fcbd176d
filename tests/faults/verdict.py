"""Whether a fault did only what it may: nothing lost, or exactly what is counted, or less than a named bound."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from render.names import GATEWAY, TEMPO
from tests.cluster.traffic import SPANS_PER_TRACE
from tests.faults.counters import Key
from tests.faults.fault import Fault
from tests.faults.oracle import Judgement
from tests.faults.sacrifice import out_of_order
from tests.faults.sender import PER_SECOND

_RECEIVED = "tempo_distributor_spans_received_total"
_SHOWN_IDS = 5
# A busy machine sends a little less.
_REACHED_SHARE = 0.9


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a fault did.

    `grown` is the growth of every counter by component and name; `alerts` are those that fired from its beginning
    until everything was readable (None: nobody looked), and `seconds` is the time from its end until then.
    """

    fault: Fault
    judgement: Judgement
    grown: Counter[Key]
    alerts: frozenset[str] | None
    # Those that fired before the fault began.
    older_alerts: frozenset[str] = frozenset()
    seconds: float
    # Of the gateway: its highest resident memory / its limit, and the processes that began.
    memory_share: float = 0.0
    starts: int = 0

    @property
    def counted(self) -> int:
        """Lost spans, by the counters that the fault names."""
        return sum(self.grown[loss.component, loss.counter] for loss in self.fault.losses if loss.counter)

    @property
    def bound(self) -> int:
        """Spans that may be lost without being counted: of the share that is kept, those of the named seconds."""
        judgement = self.judgement
        chosen = judgement.to_keep < judgement.sent - judgement.count("refused")
        seconds = sum(loss.most_seconds for loss in self.fault.losses if chosen or not loss.by_decision)
        share = judgement.to_keep / max(1, judgement.sent - judgement.count("refused"))
        return round(seconds * PER_SECOND * SPANS_PER_TRACE * share)

    @property
    def accepted(self) -> int:
        """Spans that reached the gateway."""
        return self.grown[GATEWAY, "otelcol_receiver_accepted_spans_total"]

    @property
    def delivered(self) -> int:
        """Spans that the gateway delivered to Tempo."""
        return self.grown[GATEWAY, "otelcol_exporter_sent_spans_total"]

    @property
    def copies(self) -> int:
        """Spans that Tempo received beyond those that it has; spans that it lost hide as many."""
        return max(0, self.grown[TEMPO, _RECEIVED] - self.judgement.found)


def problems(outcome: Outcome) -> Iterator[str]:
    """Yield a sentence for everything that a fault must not do."""
    judgement = outcome.judgement
    if not judgement.to_keep:
        yield "no trace had to be kept, so nothing was shown"
    if wrongly := judgement.ids("wrongly kept"):
        yield f"{len(wrongly)} traces were kept against the settings: {_shown(wrongly)}"
    if (refused := judgement.ids("refused")) and not outcome.fault.refuses:
        yield f"{len(refused)} traces were refused for longer than a sender repeats them: {_shown(refused)}"
    if outcome.fault.gives_up:
        yield from _of_overload(outcome)
    else:
        yield from _uncounted(outcome)
    if outcome.alerts is not None and (silent := outcome.fault.alerts - outcome.alerts):
        yield f"did not fire: {', '.join(sorted(silent))}"


def _of_overload(outcome: Outcome) -> Iterator[str]:
    if outcome.accepted < (least := _REACHED_SHARE * outcome.fault.spans_per_second * outcome.fault.seconds):
        yield f"{outcome.accepted} spans reached the gateway, and {least:.0f} are no overload: the sender was slow"
    yield from out_of_order(outcome.judgement, outcome.grown)
    if outcome.starts:
        yield f"the gateway was started {outcome.starts} times"
    if outcome.memory_share >= 1:
        yield f"the gateway took {outcome.memory_share:.0%} of its memory"


def _uncounted(outcome: Outcome) -> Iterator[str]:
    judgement = outcome.judgement
    uncounted = judgement.missing - outcome.counted
    if not 0 <= uncounted <= outcome.bound:
        yield (
            f"{judgement.missing} spans are missing, the counters say {outcome.counted}, and at most "
            f"{outcome.bound} may be lost uncounted: {_shown(judgement.ids('lost', 'in part'))}"
        )


def _shown(ids: list[str]) -> str:
    return ", ".join(ids[:_SHOWN_IDS]) + (" …" if len(ids) > _SHOWN_IDS else "")
