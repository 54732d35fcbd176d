"""SeaweedFS on this machine, where the lab's Pods reach it: an S3-compatible store that is not MinIO."""

import json
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from lab.node.layout import MACHINE_ADDRESS
from tests.cluster import object_store
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Measured: 25 s on two busy processors.
_READY_SECONDS = 120.0
_END_SECONDS = 20.0
# Its default ports, except the filer's and the volume server's, which many other programs use.
_PORTS = {"master.port": 9333, "volume.port": 18080, "filer.port": 18888, "s3.port": 8333}


@dataclass(frozen=True)
class Weed:
    """A running store: its host and port for Pods, and its administrator's credentials."""

    endpoint: str
    access_key: str
    secret_key: str

    def client(self) -> "S3Client":
        """Return a client with the administrator's credentials."""
        return object_store.client(f"http://{self.endpoint}", self.access_key, self.secret_key)


def program() -> Path | None:
    """Return SeaweedFS's program, which its Python package puts beside the interpreter."""
    found = shutil.which("weed", path=str(Path(sys.executable).parent)) or shutil.which("weed")
    return Path(found) if found else None


@contextmanager
def weed(binary: Path, folder: Path) -> Iterator[Weed]:
    """Run the store with its data in `folder` until the end of the block."""
    store = Weed(f"{MACHINE_ADDRESS}:{_PORTS['s3.port']}", secrets.token_hex(10), secrets.token_hex(20))
    with (folder / "weed.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(_command(binary, folder, store), cwd=folder, stdout=log, stderr=log)
        try:
            eventually(lambda: process.poll() is not None or _answers(store), "SeaweedFS answers", _READY_SECONDS)
            assert process.poll() is None, (folder / "weed.log").read_text(encoding="utf-8")[-2000:]
            yield store
        finally:
            process.terminate()
            try:
                process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _command(binary: Path, folder: Path, store: Weed) -> list[str]:
    credentials = {"accessKey": store.access_key, "secretKey": store.secret_key}
    identity = {
        "name": "administrator",
        "credentials": [credentials],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    config = folder / "identities.json"
    config.write_text(json.dumps({"identities": [identity]}), encoding="utf-8")
    options = {
        "dir": str(folder),
        "ip": str(MACHINE_ADDRESS),
        "ip.bind": str(MACHINE_ADDRESS),
        # A bucket uses several volumes, and each would reserve 30 GB.
        "master.volumeSizeLimitMB": 64,
        "volume.max": 100,
        "s3.config": str(config),
        **_PORTS,
    }
    # Killed when this process exits, even if this process is killed.
    bound = ["setpriv", "--pdeathsig", "KILL", "--"]
    return [*bound, str(binary), "server", "-s3", *(f"-{name}={value}" for name, value in options.items())]


def _answers(store: Weed) -> bool:
    try:
        store.client().list_buckets()
    except (BotoCoreError, ClientError):
        return False
    return True
