"""One attempt of a way: write a trace, then read it back as every tenant until it is there or too late."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType

from synthetic.config import Config, Way
from synthetic.measures import Measures, labels_of
from synthetic.tempo import by_id, by_search, write
from synthetic.trace import Trace, trace_of
from synthetic.web import CheckError

WRITE, STORED = "write", "stored"
READS: Mapping[str, Callable[[Config, str, Trace], float | None]] = MappingProxyType(
    {"id": by_id, "search": by_search}
)
log = logging.getLogger("tracing-check")


def guarded(action: Callable[[], float | None]) -> float | None:
    """Do something; CheckError, whatever else it raises: no answer of a server may end the check."""
    try:
        return action()
    except CheckError:
        raise
    except Exception as error:
        raise CheckError("other", f"{error!r}") from error


class Attempts:
    """The attempts of one way, one after the other."""

    def __init__(self, config: Config, way: Way, measures: Measures, stop: threading.Event) -> None:
        """Begin its series at 0."""
        self._config, self._way, self._measures, self._stop = config, way, measures, stop
        # The ticks whose traces were read as each tenant, with the time of the write.
        self._read: dict[str, dict[int, float]] = {tenant: {} for tenant in way.tenants}
        measures.declare(way.name, way.tenant, WRITE)
        for tenant in way.tenants:
            for read in READS:
                measures.declare(way.name, tenant, read)

    def trace(self, tick: int, written: float) -> Trace:
        """Return the way's trace of a tick."""
        return trace_of(self._config.seed, self._way.name, self._way.tenant, tick, written)

    def attempt(self, tick: int) -> None:
        """Write the trace of a tick and read it; what fails is counted, and nothing is raised."""
        trace, began = self.trace(tick, time.time()), time.monotonic()
        labels = labels_of(self._way.name, self._way.tenant, WRITE)
        try:
            guarded(lambda: write(self._config, self._way, trace, tick))
        except CheckError as error:
            self._measures.failed(labels, error.reason)
            log.warning("%s as %s: not written: %s", self._way.name, self._way.tenant, error)
            return
        self._measures.succeeded(labels, time.monotonic() - began)
        self._read_all(tick, trace, began)

    def read_at(self, tenant: str) -> dict[int, float]:
        """Return the ticks that were read as a tenant, with the times of their writes."""
        return dict(self._read[tenant])

    def _read_all(self, tick: int, trace: Trace, began: float) -> None:
        config = self._config
        missing: dict[tuple[str, str], CheckError] = {
            (tenant, read): CheckError("timeout", "not read in time")
            for tenant in self._way.tenants
            for read in READS
        }
        end, wait = began + config.deadline_seconds, config.wait_seconds
        while missing and not self._stop.wait(min(wait, max(0.0, end - time.monotonic()))):
            # The last round comes after the deadline's end at most by one request each.
            last = time.monotonic() >= end
            for tenant, read in list(missing):
                try:
                    self._found(tick, trace, tenant, read, began)
                    del missing[tenant, read]
                except CheckError as error:
                    missing[tenant, read] = error
                if time.monotonic() >= end + config.request_seconds:
                    last = True
                    break
            if last:
                break
            wait = config.poll_seconds
        if not self._stop.is_set():
            self._lost(missing)

    def _found(self, tick: int, trace: Trace, tenant: str, read: str, began: float) -> None:
        date = guarded(lambda: READS[read](self._config, tenant, trace))
        if date is not None:
            self._measures.set("tracing_check_clock_skew_seconds", (), date - time.time())
        self._measures.succeeded(labels_of(self._way.name, tenant, read), time.monotonic() - began)
        if read == "id":
            known = self._read[tenant]
            known[tick] = trace.written
            oldest = trace.written - self._config.stored_after_seconds - self._config.stored_every_seconds
            for old in [one for one, written in known.items() if written < oldest]:
                del known[old]

    def _lost(self, missing: Mapping[tuple[str, str], CheckError]) -> None:
        for (tenant, read), error in missing.items():
            self._measures.failed(labels_of(self._way.name, tenant, read), error.reason)
            log.warning("%s as %s: not read by %s: %s", self._way.name, tenant, read, error)
