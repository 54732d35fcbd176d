"""An interrupted deployment is repeated, not repaired by hand."""

import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from lab.engine.run import EngineError
from tests.support.live import LiveStack

pytestmark = pytest.mark.engine


def test_a_deployment_from_nothing_cut_off_twice_is_finished_by_the_third_up(live: LiveStack) -> None:
    """First without warning, as in a power cut; then by Ctrl-C, at another resource."""
    live.forget()
    engine = live.engine()
    engine.destroy()

    with pytest.raises(EngineError):
        engine.up(_when("StatefulSet store-minio-server", _kill_engine))
    assert engine.export_state()["deployment"]["resources"]
    with pytest.raises(KeyboardInterrupt):
        engine.up(_when("Job store-setup-job", _interrupt))

    engine.up()
    live.settle()
    engine.preview("--expect-no-changes")
    assert {pod.status.phase for pod in live.pods()} == {"Running", "Succeeded"}


def _when(doing: str, act: Callable[[], None]) -> Callable[[str], None]:
    """Return a listener to the engine's progress that acts once, at the first line with `doing`."""
    waiting = [act]

    def listen(line: str) -> None:
        if doing in line and waiting:
            waiting.pop()()

    return listen


def _interrupt() -> None:
    raise KeyboardInterrupt


def _kill_engine() -> None:
    """Kill the engine that this process started and its children, which together are one session."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="utf-8").split()
    (engine,) = (
        pid for pid in children if Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip() == "pulumi"
    )
    for process in Path("/proc").glob("[0-9]*"):
        # Any process may exit meanwhile.
        with contextlib.suppress(ProcessLookupError):
            if os.getsid(int(process.name)) == int(engine):
                os.kill(int(process.name), signal.SIGKILL)
