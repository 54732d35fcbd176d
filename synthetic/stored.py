"""Reading traces that are old enough to be in the bucket only."""

import logging
import time
from collections.abc import Iterator
from functools import partial

from synthetic.check import STORED, Attempts, guarded
from synthetic.config import Config, Way
from synthetic.measures import Measures, labels_of
from synthetic.tempo import by_id
from synthetic.web import CheckError

# How many writes before the check's own start are tried: the check may have been away for some of them.
_TRIED_BEFORE_START = 5
log = logging.getLogger("tracing-check")


class Stored:
    """Reads of a way's traces from the bucket."""

    def __init__(self, config: Config, way: Way, attempts: Attempts, measures: Measures) -> None:
        """Begin its series at 0."""
        self._config, self._way, self._attempts, self._measures = config, way, attempts, measures
        self._started = time.time()
        for tenant in way.tenants:
            measures.declare(way.name, tenant, STORED)

    def read(self) -> None:
        """Read one trace as each tenant; what fails is counted, and nothing is raised."""
        for tenant in self._way.tenants:
            labels = labels_of(self._way.name, tenant, STORED)
            known = self._known(tenant)
            error: CheckError | None = None
            for tick, written in known or self._before_start():
                try:
                    trace = self._attempts.trace(tick, written)
                    guarded(partial(by_id, self._config, tenant, trace))
                except CheckError as found:
                    error = found
                    continue
                error = None
                self._measures.succeeded(labels, None)
                break
            if error is None:
                continue
            # Nobody knows whether there was a trace before the check's own start.
            if known or error.reason != "not_found":
                self._measures.failed(labels, error.reason)
            log.warning("%s as %s: not read from the bucket: %s", self._way.name, tenant, error)

    def _known(self, tenant: str) -> list[tuple[int, float]]:
        """Return the newest trace that is old enough and was readable once; none shortly after a start."""
        latest = time.time() - self._config.stored_after_seconds
        found = [one for one in self._attempts.read_at(tenant).items() if one[1] <= latest]
        return sorted(found)[-1:]

    def _before_start(self) -> Iterator[tuple[int, float]]:
        """Yield the traces of that age that another process of the check should have written."""
        interval = self._config.interval_seconds
        latest = int((time.time() - self._config.stored_after_seconds) / interval)
        for tick in range(latest, latest - _TRIED_BEFORE_START, -1):
            if tick * interval < self._started:
                yield tick, tick * interval
