"""Serve the page of `make look`, or Grafana where it is installed, until Ctrl-C."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from threading import Event, Thread

from rich.console import Console

from lab.engine.run import ended_with_us
from lab.errors import LabError
from lab.look.definitions import definitions_of
from lab.look.grafana import installed_grafana, provisioned, write_provisioning
from lab.look.packages import package_files, page_files
from lab.look.server import HOST, LookServer, Site
from lab.look.upstream import prometheus_of, tempo_in
from lab.paths import state_dir
from lab.progress import Progress
from lab.target.target import Target
from settings.stack import StackSettings

_ANY_PORT = 0


def serve_page(target: Target, stack: str, settings: StackSettings, port: int, out: Console) -> None:
    """Print the address and serve until interrupted; LabError without an answering cluster or a free port."""
    if target.simulated:
        raise LabError("The nodes of this lab are simulated: it has no traces.", "`make down up` runs real Pods.")
    cluster = target.cluster()
    cluster.answers()
    prometheus = prometheus_of(target, settings)
    definitions = definitions_of(stack, settings, metrics=prometheus is not None)
    program = installed_grafana()
    files = {}
    if program is None:
        with Progress() as progress:
            files = {**package_files(progress), **page_files()}
    site = Site(files, definitions, tempo_in(cluster, settings), prometheus)
    if program is None:
        with running(LookServer(site, port)) as server:
            out.print(f"{server.url}/   stands in for Grafana; Ctrl-C ends it", highlight=False)
            _until_interrupted()
        return
    with running(LookServer(site, _ANY_PORT)) as server:
        folder = state_dir() / "grafana"
        write_provisioning(folder, settings, definitions, server.url)
        grafana = provisioned(program, folder, port)
        out.print(f"http://{HOST}:{port}/   is {program}; Ctrl-C ends it", highlight=False)
        _run(grafana.command, {**os.environ, **grafana.environment})


@contextlib.contextmanager
def running(server: LookServer) -> Iterator[LookServer]:
    """Serve in the background for the length of the block."""
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _until_interrupted() -> None:
    with contextlib.suppress(KeyboardInterrupt):
        Event().wait()


def _run(command: tuple[str, ...], environment: dict[str, str]) -> None:
    """Run Grafana until it or we are interrupted; LabError when it ends by itself with an error."""
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
    )
    with contextlib.suppress(KeyboardInterrupt), ended_with_us(process):
        if process.wait():
            raise LabError(
                f"{command[0]} ended with {process.returncode}.", f"Its logs: {state_dir() / 'grafana' / 'logs'}"
            )
