"""MinIO on this machine, as the bucket of a Tempo's processes."""

import secrets
from collections.abc import Mapping

from tests.cluster import object_store
from tests.support.processes import Processes
from tests.support.tools import tool
from tests.support.waiting import eventually
from tests.tools.loopback import answers


def start_store(running: Processes, address: str, bucket: str) -> Mapping[str, str]:
    """Start the process `minio` with a bucket at an address with port; return the variables that name its keys."""
    user, password = secrets.token_hex(10), secrets.token_hex(20)
    running.start(
        "minio",
        [tool("minio"), "server", running.folder / "blocks", "--address", address],
        {"MINIO_ROOT_USER": user, "MINIO_ROOT_PASSWORD": password, "HOME": str(running.folder)},
    )
    eventually(lambda: answers(f"http://{address}/minio/health/ready"), "the store is ready")
    object_store.client(f"http://{address}", user, password).create_bucket(Bucket=bucket)
    return {"AWS_ACCESS_KEY_ID": user, "AWS_SECRET_ACCESS_KEY": password}
