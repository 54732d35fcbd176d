"""Read back from Tempo what became of the traces of a sender."""

import base64
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import requests

from tests.cluster.tempo_api import TempoApi, spans_in
from tests.cluster.traffic import RUN, SPANS_PER_TRACE
from tests.faults.oracle import Expected, unreadable
from tests.faults.sender import LABELLED, Sender

_POLL_SECONDS = 1.0
# Read by their ids in one round; searches find most of the others.
_BY_ID, _AT_ONCE = 50, 4


@dataclass
class Reader:
    """The spans that Tempo has returned so far, by trace."""

    tempo: TempoApi
    sender: Sender
    found: dict[bytes, set[bytes]] = field(default_factory=dict)

    def unreadable(self, sent: Iterable[Expected]) -> list[Expected]:
        """Return those of the traces that must become readable and are not."""
        return unreadable(sent, self.sender.refused, self.found)

    def read(self) -> None:
        """Look for what is unreadable: by searches, and some by id, where a search shows a trace in part."""
        for label, labelled in list(self.sender.labelled.items()):
            if self.unreadable(labelled):
                self._search(label)
        self._read_each(self.unreadable(self.sender.sent)[:_BY_ID])

    def read_all(self) -> None:
        """Look for everything that was sent, so that also what should not have been kept is seen."""
        for label in self.sender.labelled:
            self._search(label)
        self._read_each([*self.sender.own, *self.unreadable(self.sender.sent)])

    def _read_each(self, traces: Iterable[Expected]) -> None:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            # An error in a thread is raised here.
            list(pool.map(self._read, [one.id for one in traces]))

    def _search(self, label: str) -> None:
        query = f'{{ span.{RUN} = "{label}" }}'
        # Twice as many as were sent, so that nothing is cut off.
        answer = self.tempo.search(query, limit=2 * LABELLED, spans=2 * SPANS_PER_TRACE)
        for trace_id, trace in answer.items():
            spans = (
                bytes.fromhex(span["spanID"].zfill(16)) for each in trace["spanSets"] for span in each["spans"]
            )
            self.found.setdefault(bytes.fromhex(trace_id), set()).update(spans)

    def _read(self, trace_id: bytes) -> None:
        document = self.tempo.trace(trace_id.hex()) or {}
        spans = {base64.b64decode(span["spanId"]) for span in spans_in(document)}
        if spans:
            self.found.setdefault(trace_id, set()).update(spans)


def settle(reader: Reader, seconds: float, is_final: Callable[[float], bool], say: Callable[[str], None]) -> float:
    """Read until everything is readable; return the seconds after which the last span became so.

    It ends earlier when `is_final` says, of the seconds without a new span, that nothing more will come.
    """
    began = changed = time.monotonic()
    known = -1
    while time.monotonic() < began + seconds:
        try:
            reader.read()
        except requests.RequestException:
            # Tempo is starting.
            time.sleep(_POLL_SECONDS)
            continue
        now = time.monotonic()
        if (count := sum(map(len, reader.found.values()))) > known:
            known, changed = count, now
        waited_for = reader.unreadable(reader.sender.sent)
        say(f"{len(waited_for)} traces are not readable yet")
        if not waited_for or is_final(now - changed):
            break
        time.sleep(_POLL_SECONDS)
    return changed - began
