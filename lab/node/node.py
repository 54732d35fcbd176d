"""One Kubernetes node: start, status, images, stop, clean."""

import dataclasses
import re
import shutil
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from lab.errors import LabError
from lab.node import certificates, cgroups, checks, containers, link, process, status, templates
from lab.node.api import Api
from lab.node.binaries import Binaries, SimulatedBinaries, load
from lab.node.layout import NodeFolder
from lab.node.record import Record, machine_lock
from lab.node.start import Start, steps_of
from lab.node.status import DaemonStatus
from lab.progress import Progress

# Each takes 2 to 10 s on two idle processors; a machine that also compiles takes several times that.
_DEADLINE_SECONDS = 180.0
_POLL_SECONDS = 0.1
_CERTIFICATES = "certificates"
MOUNTS = Path("/proc/self/mounts")


class Node:
    """The machine's one lab node, kept in `folder`, directly below the lab's state folder.

    `kubeconfig` is the administrator's; it exists once the node was started. A `simulated` node only reports its
    Pods as running. `steps` are the names of the steps of a start.
    """

    def __init__(self, folder: Path, binaries: Binaries | SimulatedBinaries) -> None:
        """Start and write nothing yet."""
        self._folder = NodeFolder(folder.absolute())
        self.folder = self._folder.root
        self.kubeconfig = self._folder.kubeconfig("super-admin")
        self._binaries = binaries
        self.simulated = binaries.simulated
        self._steps = steps_of(binaries)
        self.steps = (_CERTIFICATES, *self._steps)

    @staticmethod
    def record() -> Record | None:
        """Return the record of the node that runs on this machine, whosever it is; None when none runs."""
        return Record.read()

    def start(self, progress: Progress) -> None:
        """Start the node and wait until it can be used; change nothing when it runs already.

        Raises LabError when this machine cannot run a node, another lab runs on it, or a part does not come up.
        The other parts keep running, and a second call resumes there.
        """
        with machine_lock():
            record = self._own_record()
            with progress.step(_CERTIFICATES):
                if not record:
                    self._prepare()
            record = record or process.launch(self._folder)
            with Api(self._folder) as api:
                start = Start(folder=self._folder, record=record, api=api, wait=partial(self._await, record))
                for name, run in self._steps.items():
                    with progress.step(name) as step:
                        run(start, step)

    def load_image(self, archive: Path) -> None:
        """Import an archive made by `lab.toolchain.images.build`, unless the node has an image of its digest."""
        if (record := self._running()) is None:
            raise LabError("The lab's node does not run.", "Start it: make up")
        if isinstance(self._binaries, SimulatedBinaries):
            raise LabError("Simulated nodes run no image.", "Use the lab that `make up` starts.")
        containers.load(record.pid, self._binaries, archive)

    def status(self) -> list[DaemonStatus]:
        """Return every daemon's state; all are stopped when the node does not run."""
        known = status.read(self._folder.status)
        if self._running():
            return known
        return [dataclasses.replace(daemon, state="stopped", detail="") for daemon in known]

    def clean(self) -> None:
        """Stop the node and delete its folder with the cluster's data."""
        end(self.folder)
        if mounted := mounts_below(self.folder):
            raise LabError(f"{mounted[0]} is still mounted.", f"Unmount it: umount {mounted[0]}")
        if self.folder.exists():
            shutil.rmtree(self.folder)

    def _own_record(self) -> Record | None:
        """Return the record of this node if it runs; LabError when another lab runs.

        A node with a failed daemon, without its link or without an issuer that is wanted now is stopped first.
        """
        record = Record.of(self.folder)
        if record and (self._failed() or not link.exists() or self._lacks_issuer()):
            process.end(record)
            return None
        return record

    def _lacks_issuer(self) -> bool:
        if not isinstance(self._binaries, Binaries) or self._binaries.cert_manager is None:
            return False
        running = load(self._folder.binaries) if self._folder.binaries.exists() else None
        return isinstance(running, Binaries) and running.cert_manager is None

    def _prepare(self) -> None:
        """Check the machine and write all files that the supervisor reads."""
        checks.check_machine(self.folder)
        link.check_free()
        # A killed node leaves its control groups and its last states.
        cgroups.remove()
        self._folder.status.unlink(missing_ok=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        certificates.ensure(self._folder, self._binaries)
        if isinstance(self._binaries, Binaries):
            templates.write_configs(self._folder, self._binaries)
        self._binaries.save(self._folder.binaries)
        cgroups.create()

    def _await(self, record: Record, what: str, condition: Callable[[], bool]) -> None:
        """Wait for a condition; LabError when a daemon fails, the supervisor exits, or time runs out."""
        deadline = time.monotonic() + _DEADLINE_SECONDS
        while not condition():
            if failed := self._failed():
                raise LabError(
                    f"{failed.name} keeps exiting: {failed.detail}",
                    f"Read {failed.log}; if its data is damaged, `make clean` starts from nothing.",
                )
            if Record.read() != record:
                log = self._folder.log("supervisor")
                raise LabError(f"The node stopped during its start: {status.last_lines(log)}", f"Read {log}.")
            if time.monotonic() > deadline:
                raise LabError(
                    f"After {_DEADLINE_SECONDS:.0f} s {what} is still not ready.",
                    f"Read the logs in {self._folder.logs}, or run this again to wait longer.",
                )
            time.sleep(_POLL_SECONDS)

    def _failed(self) -> DaemonStatus | None:
        return next((daemon for daemon in status.read(self._folder.status) if daemon.state == "failed"), None)

    def _running(self) -> Record | None:
        record = Record.read()
        return record if record and record.folder == self.folder else None


def end(folder: Path) -> None:
    """Stop the node of a folder, even if its files are gone, and wait until only the folder is left.

    A lab of another folder is left alone.
    """
    with machine_lock():
        record = Record.read()
        if record and record.folder != folder:
            return
        if record:
            process.end(record)
        cgroups.remove()


def mounts_below(folder: Path) -> list[str]:
    """Return the mount points inside a folder, whose contents would be deleted with it."""
    lines = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    # The kernel escapes spaces and the like as octal numbers.
    points = [re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), line.split()[1]) for line in lines]
    return [point for point in points if folder in Path(point).parents]
