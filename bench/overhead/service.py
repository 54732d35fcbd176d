"""A running service: started in a folder of its own, waited for, used, ended."""

import contextlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.overhead.language import BARE, Launch
from bench.processes import started, wait_until
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
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    own = {**passed_on, **launch.environment, **environment, "LISTEN": listen}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = folder / "service.log"
        with started(command, folder, log, own) as process:
            wait_until(lambda: _answers(address), process, log, _START_SECONDS, "The service did not answer")
            yield Service(process.pid, address)


def _answers(address: str) -> bool:
    connection = http.client.HTTPConnection(address, PORT, timeout=5)
    try:
        connection.request("GET", BARE)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
