"""Send operations to a service at a steady rate, over connections that stay open; a process of its own.

    python -m bench.overhead.load ADDRESS PORT PATH COUNT RATE

An operation is due at its time whether or not earlier ones are answered, and its latency counts from then: a slow
service gets no fewer. With a rate of 0, every connection sends its next one at once, for `COUNT` seconds.
The latencies are printed as JSON, in milliseconds.
"""

import http.client
import itertools
import json
import sys
import threading
import time
from collections.abc import Iterator

# More than are ever under way at a planned rate.
_CONNECTIONS = 16
_SECONDS = 30.0
# Time for all threads to connect before the first operation is due.
_BEGIN_SECONDS = 0.2


def due_times(begin: float, count: int, rate: float) -> Iterator[float]:
    """Yield when each operation is due, in seconds of the monotonic clock, at a steady rate."""
    return (begin + number / rate for number in range(count))


def at_once(end: float) -> Iterator[float]:
    """Yield the present until an end."""
    return itertools.takewhile(lambda now: now < end, (time.monotonic() for _ in itertools.count()))


class Load:
    """Operations on one path, taken from one list by all connections."""

    def __init__(self, address: str, port: int, path: str, due: Iterator[float]) -> None:
        """Nothing is sent yet."""
        self._target = (address, port, path)
        self._due = due
        self._lock = threading.Lock()
        self.milliseconds: list[float] = []
        self.errors: list[BaseException] = []

    def run(self) -> None:
        """Send all; raise the first error of a connection."""
        threads = [threading.Thread(target=self._connection) for _ in range(_CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.errors:
            raise self.errors[0]

    def _next(self) -> float | None:
        with self._lock:
            return next(self._due, None)

    def _connection(self) -> None:
        address, port, path = self._target
        connection = http.client.HTTPConnection(address, port, timeout=_SECONDS)
        try:
            connection.connect()
            while not self.errors and (due := self._next()) is not None:
                time.sleep(max(0.0, due - time.monotonic()))
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
                if answer.status != http.HTTPStatus.OK:
                    raise http.client.HTTPException(f"{path} answered {answer.status}")  # noqa: TRY301 - reported below
                self.milliseconds.append((time.monotonic() - due) * 1e3)
        except (OSError, http.client.HTTPException) as error:
            self.errors.append(error)
        finally:
            connection.close()


def main() -> int:
    """Send what the arguments say, and print the latencies."""
    address, port, path, count, rate = sys.argv[1:]
    begin = time.monotonic() + _BEGIN_SECONDS
    due = due_times(begin, int(float(count)), float(rate)) if float(rate) else at_once(begin + float(count))
    load = Load(address, int(port), path, due)
    try:
        load.run()
    except (OSError, http.client.HTTPException) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    print(json.dumps([round(each, 4) for each in load.milliseconds]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
