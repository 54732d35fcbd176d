"""The threads keep their pace and never end."""

import time

import pytest

from synthetic.check import Attempts
from synthetic.loops import Loops
from synthetic.measures import Measures
from tests.support.waiting import eventually
from tests.unit.synthetic.hostile import config


def test_a_clock_that_goes_back_neither_stops_the_check_nor_makes_it_hurry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ticks: list[int] = []
    monkeypatch.setattr(Attempts, "attempt", lambda _, tick: ticks.append(tick))
    real, begun = time.time, time.monotonic()
    monkeypatch.setattr(time, "time", lambda: real() - (3600 if time.monotonic() - begun > 1 else 0))
    loops = Loops(config("http://127.0.0.1:1"), Measures())
    started = time.monotonic()
    loops.start()
    # One every 0.2 s: the ninth comes after the clock has gone back.
    eventually(lambda: len(ticks) >= 9, "it attempts nine times", 10)
    loops.stop.set()
    assert len(ticks) <= (time.monotonic() - started) / 0.2 + 1
    assert sorted(set(ticks)) == ticks


def test_an_attempt_that_raises_does_not_end_its_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks: list[int] = []

    def fail(_: Attempts, tick: int) -> None:
        ticks.append(tick)
        raise RuntimeError(str(tick))

    monkeypatch.setattr(Attempts, "attempt", fail)
    loops = Loops(config("http://127.0.0.1:1"), Measures())
    loops.start()
    eventually(lambda: len(ticks) >= 3, "it attempts again after an error", 10)
    loops.stop.set()
    assert loops.healthy()


def test_a_thread_that_hangs_makes_the_check_unhealthy(monkeypatch: pytest.MonkeyPatch) -> None:
    loops = Loops(config("http://127.0.0.1:1"), Measures())
    loops.start()
    loops.stop.set()
    real = time.monotonic
    assert loops.healthy()
    monkeypatch.setattr(time, "monotonic", lambda: real() + 400)
    assert not loops.healthy()
