"""The threads of the check: one for each way, and one for the bucket."""

import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

from synthetic.check import Attempts
from synthetic.config import Config
from synthetic.measures import Measures
from synthetic.stored import Stored

# Besides an interval and a deadline: a name server that does not answer takes minutes.
_GRACE_SECONDS = 300.0
_INTO_A_TICK = 0.05
# A thread says at least this often that it turns.
_LONGEST_WAIT_SECONDS = 60.0
log = logging.getLogger("tracing-check")


class Loops:
    """All threads; `healthy` says whether each of them still turns."""

    def __init__(self, config: Config, measures: Measures) -> None:
        """Create what the threads do; `start` starts them."""
        self.stop = threading.Event()
        self._config = config
        self._measures = measures
        self._turned: dict[str, float] = {}
        measures.set("tracing_check_interval_seconds", (), config.interval_seconds)
        measures.set("tracing_check_deadline_seconds", (), config.deadline_seconds)

    def start(self) -> None:
        """Start a thread for each way and one for the bucket."""
        stored = []
        for way in self._config.ways:
            attempts = Attempts(self._config, way, self._measures, self.stop)
            self._thread(f"{way.name}-{way.tenant}", partial(self._write, attempts))
            if way.name == "gateway":
                stored.append(Stored(self._config, way, attempts, self._measures))
        self._thread("stored", partial(self._stored, stored))

    def healthy(self) -> bool:
        """Return whether every thread has turned lately."""
        config = self._config
        lately = config.interval_seconds + config.deadline_seconds + _GRACE_SECONDS
        return all(time.monotonic() - turned < lately for turned in self._turned.values())

    def _thread(self, name: str, loop: Callable[[], None]) -> None:
        self._turn(name)
        threading.Thread(target=loop, name=name, daemon=True).start()

    def _turn(self, name: str) -> None:
        self._turned[name] = time.monotonic()

    def _write(self, attempts: Attempts) -> None:
        """Attempt every interval; an attempt that takes longer leaves out the next ones.

        It begins with a new tick: a trace of the current one may be from before a restart, and a read would find
        it. The pace is that of a clock which nobody sets; no tick is used twice, even when the time goes back.
        """
        interval, last = self._config.interval_seconds, 0
        now = time.time()
        # A little into the tick, so that no rounding falls into the one before.
        following = time.monotonic() + interval - now % interval + _INTO_A_TICK * interval
        while not self.stop.wait(max(0.0, min(following - time.monotonic(), _LONGEST_WAIT_SECONDS))):
            self._turn(threading.current_thread().name)
            if time.monotonic() < following:
                continue
            last = max(int(time.time() / interval), last + 1)
            _never_raises(partial(attempts.attempt, last))
            following += interval * math.ceil(max(1.0, (time.monotonic() - following) / interval))

    def _stored(self, stored: Sequence[Stored]) -> None:
        following = 0.0
        while not self.stop.is_set():
            self._turn(threading.current_thread().name)
            if time.monotonic() >= following:
                following = time.monotonic() + self._config.stored_every_seconds
                for one in stored:
                    self._turn(threading.current_thread().name)
                    _never_raises(one.read)
            self.stop.wait(min(_LONGEST_WAIT_SECONDS, self._config.stored_every_seconds))


def _never_raises(action: Callable[[], None]) -> None:
    try:
        action()
    except Exception:
        log.exception("an attempt ended with an error of the check itself")
