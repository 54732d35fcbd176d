"""A running service: started in a folder of its own, waited for, used, ended."""

import contextlib
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.overhead.language import BARE, Launch
from bench.processes import end
from lab.errors import LabError
from settings.project import REPO

PORT = 8080
# A JVM with an agent takes five on an idle machine.
_START_SECONDS = 60.0
_LOAD_SECONDS = 120.0
# Of this process's environment; nothing of OpenTelemetry that may be set in it reaches a service.
_PASSED_ON = ("PATH", "HOME", "LANG", "JAVA_HOME")


@dataclass(frozen=True)
class Service:
    """A running service."""

    pid: int
    address: str

    def use(self, path: str, count: float, rate: float) -> list[float]:
        """Send operations from another process; return their latencies, in milliseconds.

        `count` are operations at a rate, in operations a second, or seconds if that is 0.
        """
        arguments = [self.address, str(PORT), path, f"{count:g}", f"{rate:g}"]
        done = subprocess.run(
            [sys.executable, "-m", "bench.overhead.load", *arguments],
            cwd=REPO,
            capture_output=True,
            text=True,
            timeout=_LOAD_SECONDS,
            check=False,
        )
        if done.returncode:
            raise LabError(
                f"{path} of the service could not be used: {done.stderr.strip()[-500:]}", "Run this again."
            )
        return [float(each) for each in json.loads(done.stdout)]


@contextlib.contextmanager
def running(launch: Launch, address: str, environment: Mapping[str, str]) -> Iterator[Service]:
    """Run a service; it has ended after the block. Raises `LabError` with its last lines if it does not answer."""
    listen = f"{address}:{PORT}"
    command = [part.replace("{listen}", listen) for part in launch.command]
    # Killed even when this process is killed.
    bound = ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
    own = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "service.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*bound, *command],
                cwd=folder,
                env={**own, **launch.environment, **environment, "LISTEN": listen},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        try:
            _wait(process, address, log)
            yield Service(process.pid, address)
        finally:
            end(process)


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if _answers(address):
            return
        time.sleep(0.1)
    lines = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise LabError(
        f"The service did not answer within {_START_SECONDS:.0f} s; its last lines:\n{lines}",
        "Correct what they say, and run this again.",
    )


def _answers(address: str) -> bool:
    connection = http.client.HTTPConnection(address, PORT, timeout=5)
    try:
        connection.request("GET", BARE)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
