"""One process's clock can be set apart, and is right again afterwards."""

import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.faults.clock import clock_off
from tests.support.tools import need_root

_OFF_SECONDS = 300
_TELL = "import sys, time\nfor _ in sys.stdin: print(time.time(), time.monotonic(), flush=True)"

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="the code is for x86-64")


class _Clock:
    """A process that tells its clocks when it is asked."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def assert_off(self, seconds: int) -> None:
        """Fail unless its wall clock differs from this process's by so many seconds, and its timer not at all."""
        assert self.process.stdin
        assert self.process.stdout
        # Before and after: the answer may take any time.
        walls, timers = [time.time()], [time.monotonic()]
        self.process.stdin.write("now\n")
        self.process.stdin.flush()
        wall, timer = map(float, self.process.stdout.readline().split())
        walls.append(time.time())
        timers.append(time.monotonic())
        assert walls[0] <= wall - seconds <= walls[1]
        assert timers[0] <= timer <= timers[1]


@contextmanager
def _clock() -> Iterator[_Clock]:
    command = [sys.executable, "-c", _TELL]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield _Clock(process)
        assert process.stdin
        process.stdin.close()
        assert process.wait(timeout=10) == 0


def test_a_process_has_another_time_inside_each_block_only() -> None:
    need_root("which may write into another process's memory")
    with _clock() as clock:
        clock.assert_off(0)
        for seconds in (_OFF_SECONDS, -_OFF_SECONDS):
            with clock_off(clock.process.pid, seconds):
                clock.assert_off(seconds)
            clock.assert_off(0)


def test_a_process_that_ends_meanwhile_is_no_error() -> None:
    need_root("which may write into another process's memory")
    with _clock() as clock:
        # Until it answers, it may not have been loaded.
        clock.assert_off(0)
        with clock_off(clock.process.pid, _OFF_SECONDS):
            assert clock.process.stdin
            clock.process.stdin.close()
            clock.process.wait(timeout=10)
