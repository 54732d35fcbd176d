"""One Kubernetes node: start, status, images, stop, clean."""

import datetime as dt
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
import yaml

from lab import images
from lab.errors import LabError
from lab.node import certificates, cgroups, checks, configs, containers, link, process, status
from lab.node.api import Api
from lab.node.binaries import Binaries
from lab.node.layout import (
    COREDNS_IMAGE,
    DNS_ADDRESS,
    NODE_NAME,
    PAUSE_COMMAND,
    PAUSE_IMAGE,
    NodeFolder,
)
from lab.node.record import Record, machine_lock
from lab.node.status import DaemonStatus
from lab.progress import Progress

# Each takes 2 to 10 s on two idle processors; a machine that also compiles takes several times that.
_DEADLINE_SECONDS = 180.0
_POLL_SECONDS = 0.1
_DNS_READY_URL = f"http://{DNS_ADDRESS}:8181/ready"
_ADDONS = Path(__file__).with_name("addons.yaml")


class Node:
    """The machine's one lab node, kept in `folder`, which is `node` below the lab's state folder."""

    def __init__(self, folder: Path, binaries: Binaries) -> None:
        """Nothing is started or written yet."""
        self._folder = NodeFolder(folder.absolute())
        self._binaries = binaries

    @staticmethod
    def record() -> Record | None:
        """Return whose node runs on this machine, None when none does."""
        return Record.read()

    @property
    def kubeconfig(self) -> Path:
        """The administrator's kubeconfig; its file is there once the node was started."""
        return self._folder.kubeconfig("super-admin")

    def start(self, progress: Progress) -> None:
        """Bring the node up and wait until its DNS answers; changes nothing when it runs already.

        Raises LabError when this machine cannot run a node, another lab runs on
        it, or a part does not come up; what did come up keeps running, and a
        second call goes on from there.
        """
        with machine_lock():
            record = self._own_record()
            with progress.step("certificates"):
                self._prepare(record)
            with progress.step("control plane") as step, Api(self._folder) as api:
                record = record or process.launch(self._folder)
                step.update("importing images")
                self._await(record, "containerd", lambda: containers.answers(record.pid, self._binaries))
                self._load_own_images(record)
                step.update("waiting for the API server")
                self._await(record, "the API server", api.ready)
                for manifest in yaml.safe_load_all(_ADDONS.read_text()):
                    api.apply(manifest)
            with progress.step("node ready"), Api(self._folder) as api:
                self._await(record, "the node", lambda: _is_ready(api, record))
            with progress.step("cluster DNS"):
                self._await(record, "the cluster's DNS", _dns_answers)

    def load_image(self, archive: Path) -> None:
        """Import an archive made by `lab.images.build`, unless the node has that very image."""
        containers.load(self._running().pid, self._binaries, archive)

    def status(self) -> list[DaemonStatus]:
        """Return every daemon's state; all are stopped when the node does not run."""
        known = status.read(self._folder.status)
        record = Record.read()
        if record and record.folder == self._folder.root:
            return known
        return [DaemonStatus(name=d.name, state="stopped", since=d.since, log=d.log) for d in known]

    def stop(self, progress: Progress) -> None:
        """End the node and wait until nothing of it is left but its folder; another's lab is left alone."""
        with progress.step("node stopped"):
            self._stop()

    def clean(self) -> None:
        """Stop the node and delete its folder with the cluster's data."""
        self._stop()
        if mounted := _mounts_below(self._folder.root):
            raise LabError(f"{mounted[0]} is still mounted.", f"Unmount it: umount {mounted[0]}")
        if self._folder.root.exists():
            shutil.rmtree(self._folder.root)

    def _own_record(self) -> Record | None:
        """Return the record of this node if it runs soundly; ends it if not; LabError if another lab runs."""
        record = Record.read()
        if record and record.folder != self._folder.root:
            raise LabError(
                f"A lab in {record.folder} runs on this machine, started by {record.user} at {record.since}; "
                "there can be one at a time.",
                f"End it: FAWKES_STATE_DIR={record.folder.parent} make down",
            )
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
        configs.write_all(self._folder, self._binaries)
        self._binaries.save(self._folder.binaries)
        cgroups.create()

    def _load_own_images(self, record: Record) -> None:
        busybox = {PAUSE_COMMAND[0]: self._binaries.busybox}
        coredns = {"/usr/bin/coredns": self._binaries.coredns}
        for ref, files, entrypoint in (
            (PAUSE_IMAGE, busybox, PAUSE_COMMAND),
            (COREDNS_IMAGE, coredns, tuple(coredns)),
        ):
            archive = self._folder.images / f"{Path(entrypoint[0]).name}.tar"
            containers.load(record.pid, self._binaries, images.build(ref, files, entrypoint, archive))

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

    def _stop(self) -> None:
        with machine_lock():
            record = Record.read()
            if record and record.folder != self._folder.root:
                return
            if record:
                process.end(record)
            cgroups.remove()


def _is_ready(api: Api, record: Record) -> bool:
    """Say whether the kubelet called the node ready since this start; what it said before is in the store."""
    node: dict[str, Any] = api.object(f"/api/v1/nodes/{NODE_NAME}") or {}
    since = dt.datetime.fromisoformat(record.since)
    return any(
        condition["type"] == "Ready"
        and condition["status"] == "True"
        and dt.datetime.fromisoformat(condition["lastHeartbeatTime"]) >= since
        for condition in node.get("status", {}).get("conditions", [])
    )


def _dns_answers() -> bool:
    """Say whether CoreDNS is ready, asked through its Service."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            return session.get(_DNS_READY_URL, timeout=1.0).ok
        except requests.RequestException:
            return False


def _mounts_below(folder: Path) -> list[str]:
    points = [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
    return [point for point in points if Path(point).is_relative_to(folder)]
