"""One Kubernetes node: start, status, images, stop, clean."""

import re
import shutil
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from lab.errors import LabError
from lab.node import certificates, cgroups, checks, containers, link, process, status, templates
from lab.node.api import Api
from lab.node.binaries import Binaries, SimulatedBinaries
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
    """The machine's one lab node, kept in `folder`, directly below the lab's state folder."""

    def __init__(self, folder: Path, binaries: Binaries | SimulatedBinaries) -> None:
        """Nothing is started or written yet."""
        self._folder = NodeFolder(folder.absolute())
        self._binaries = binaries
        self._steps = steps_of(binaries)

    @staticmethod
    def record() -> Record | None:
        """Return whose node runs on this machine, None when none does."""
        return Record.read()

    @property
    def folder(self) -> Path:
        """Where everything of it is."""
        return self._folder.root

    @property
    def kubeconfig(self) -> Path:
        """The administrator's kubeconfig; its file is there once the node was started."""
        return self._folder.kubeconfig("super-admin")

    @property
    def simulated(self) -> bool:
        """Whether its Pods are only said to run."""
        return self._binaries.simulated

    @property
    def steps(self) -> tuple[str, ...]:
        """The names of the steps of a start."""
        return (_CERTIFICATES, *self._steps)

    def start(self, progress: Progress) -> None:
        """Bring the node up and wait until it can be used; changes nothing when it runs already.

        Raises LabError when this machine cannot run a node, another lab runs on
        it, or a part does not come up; what did come up keeps running, and a
        second call goes on from there.
        """
        with machine_lock():
            record = self._own_record()
            with progress.step(_CERTIFICATES):
                self._prepare(record)
            record = record or process.launch(self._folder)
            with Api(self._folder) as api:
                start = Start(folder=self._folder, record=record, api=api, wait=partial(self._await, record))
                for name, run in self._steps.items():
                    with progress.step(name) as step:
                        run(start, step)

    def load_image(self, archive: Path) -> None:
        """Import an archive made by `lab.toolchain.images.build`, unless the node has that very image."""
        record = self._running()
        if isinstance(self._binaries, SimulatedBinaries):
            raise LabError("Simulated nodes run no image.", "Use the lab that `make up` starts.")
        containers.load(record.pid, self._binaries, archive)

    def status(self) -> list[DaemonStatus]:
        """Return every daemon's state; all are stopped when the node does not run."""
        known = status.read(self._folder.status)
        record = Record.read()
        if record and record.folder == self._folder.root:
            return known
        return [DaemonStatus(name=d.name, state="stopped", since=d.since, log=d.log) for d in known]

    def clean(self) -> None:
        """Stop the node and delete its folder with the cluster's data."""
        end(self._folder.root)
        if mounted := mounts_below(self._folder.root):
            raise LabError(f"{mounted[0]} is still mounted.", f"Unmount it: umount {mounted[0]}")
        if self._folder.root.exists():
            shutil.rmtree(self._folder.root)

    def _own_record(self) -> Record | None:
        """Return the record of this node if it runs soundly; ends it if not; LabError if another lab runs."""
        record = Record.of(self._folder.root)
        if record and (self._failed() or not link.exists()):
            process.end(record)
            return None
        return record

    def _prepare(self, record: Record | None) -> None:
        """Make everything that the supervisor reads, unless it runs already."""
        if record:
            return
        checks.check_machine(self._folder.root)
        link.check_free()
        # Whatever a killed node left.
        cgroups.remove()
        self._folder.status.unlink(missing_ok=True)
        self._folder.root.mkdir(parents=True, exist_ok=True)
        certificates.ensure(self._folder, self._binaries)
        if isinstance(self._binaries, Binaries):
            templates.write_configs(self._folder, self._binaries)
        self._binaries.save(self._folder.binaries)
        cgroups.create()

    def _await(self, record: Record, what: str, condition: Callable[[], bool]) -> None:
        """Wait for a condition; LabError when a daemon fails, the supervisor ends, or time runs out."""
        deadline = time.monotonic() + _DEADLINE_SECONDS
        while not condition():
            if failed := self._failed():
                raise LabError(
                    f"{failed.name} does not keep running: {failed.detail}",
                    f"Read {failed.log}; if its data is damaged, `make clean` starts from nothing.",
                )
            if Record.read() != record:
                log = self._folder.log("supervisor")
                raise LabError(f"The node ended while it started: {status.last_lines(log)}", f"Read {log}.")
            if time.monotonic() > deadline:
                raise LabError(
                    f"After {_DEADLINE_SECONDS:.0f} s {what} is still not ready.",
                    f"Read the logs in {self._folder.logs}, or run this again to go on waiting.",
                )
            time.sleep(_POLL_SECONDS)

    def _failed(self) -> DaemonStatus | None:
        return next((daemon for daemon in status.read(self._folder.status) if daemon.state == "failed"), None)

    def _running(self) -> Record:
        record = Record.read()
        if not record or record.folder != self._folder.root:
            raise LabError("The lab's node does not run.", "Start it: make up")
        return record


def end(folder: Path) -> None:
    """End the node of a folder, even if its files are gone, and wait until nothing but the folder is left of it.

    Another's lab is left alone.
    """
    with machine_lock():
        record = Record.read()
        if record and record.folder != folder:
            return
        if record:
            process.end(record)
        cgroups.remove()


def mounts_below(folder: Path) -> list[str]:
    """Return what is mounted inside of a folder: its content would be deleted with the folder."""
    lines = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    # The kernel writes spaces and the like as octal numbers.
    points = [re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), line.split()[1]) for line in lines]
    return [point for point in points if folder in Path(point).parents]
