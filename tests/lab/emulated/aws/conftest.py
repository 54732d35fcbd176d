"""A moto server of this process, empty for each test."""

from collections.abc import Iterator

import pytest
import requests
from moto.server import ThreadedMotoServer

from lab.emulated.aws.plugin import AwsPlugin
from tests.lab.emulated.aws.support import REGION, Aws


@pytest.fixture(scope="session")
def moto_server() -> Iterator[str]:
    """The server's address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def aws(moto_server: str) -> Aws:
    """The emulated plugin, configured as a stack file would."""
    requests.post(f"{moto_server}/moto-api/reset", timeout=10).raise_for_status()
    plugin = AwsPlugin({"AWS_ENDPOINT_URL": moto_server})
    plugin.configure({"region": REGION})
    return Aws(plugin, moto_server)
