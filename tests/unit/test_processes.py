"""Programs that tests start end with the tests, whatever they do about it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import processes as module
from tests.support.processes import processes
from tests.support.waiting import eventually


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv starts what these tests start")
def test_a_program_that_does_not_stop_in_time_is_killed_and_fails_the_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else would end it: once forgotten, it is not among those that end with the test."""
    monkeypatch.setattr(module, "_END_SECONDS", 0.2)
    stubborn = ["/bin/sh", "-c", 'trap "" TERM; echo $$; while true; do sleep 0.1; done']
    with processes(tmp_path) as running:
        running.start("stubborn", stubborn, {"PATH": "/usr/bin:/bin"})
        number = eventually(running.log("stubborn").read_text, "it runs")
        with pytest.raises(subprocess.TimeoutExpired):
            running.stop("stubborn")
        assert not Path("/proc", number.strip()).exists()
