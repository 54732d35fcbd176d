"""The host that Tempo's S3 client asks in each kind of region, seen by a proxy on this machine.

The client replaces hosts of Amazon by its own table, so the rendered endpoint alone proves nothing.
"""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from plan.limits import checked_plan
from render.files import render
from settings.aws_regions import service_host
from tests.support.stacks import settings_of
from tests.support.tools import Tempo, tempos
from tests.tools.loopback import address

pytestmark = pytest.mark.tools

_BUCKET = "fawkes-tempo-traces-prod"
# Tempo lists the bucket at start, and exits when it is refused.
_START_SECONDS = 30.0
REGIONS = ("eu-west-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1", "us-iso-east-1", "ap-southeast-6")


@contextmanager
def proxy() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield a proxy's URL, and the URL and the signature of every request, all of which it refuses."""
    seen: list[tuple[str, str]] = []

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append((self.path, self.headers.get("Authorization", "")))
            self.send_error(HTTPStatus.FORBIDDEN)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()


def first_request(tempo: Tempo, folder: Path, region: str, endpoint: str | None = None) -> tuple[str, str]:
    """Return the URL and the signature of the first request of a Tempo with prod's store in a region."""
    settings = settings_of("prod", {"object_store.region": region})
    store = yaml.safe_load(render(settings, checked_plan(settings)).tempo)["storage"]["trace"]["s3"]
    # Plain HTTP, so that the proxy sees the request; the client chooses the host alike for both.
    store |= {"insecure": True, "sse": {}} | ({"endpoint": endpoint} if endpoint else {})
    config = {
        "server": {"http_listen_address": "127.0.0.1", "http_listen_port": 0, "grpc_listen_port": 0},
        "usage_report": {"reporting_enabled": False},
        # By default its port on every address of the machine, which other tests have.
        "memberlist": {"bind_addr": [address(53)]},
        "storage": {"trace": {"backend": "s3", "s3": store, "wal": {"path": str(folder / "wal")}}},
    }
    file = folder / "tempo.yaml"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    with proxy() as (url, seen):
        environment = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "HTTP_PROXY": url}
        done = subprocess.run(
            [tempo.program, f"-config.file={file}", "-target=querier"],
            env=environment,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=_START_SECONDS,
        )
        assert seen, done.stdout + done.stderr
        return seen[0]


@pytest.mark.parametrize("region", REGIONS)
def test_tempo_asks_the_store_of_its_region(region: str, tmp_path: Path) -> None:
    for tempo in tempos():
        url, signature = first_request(tempo, tmp_path, region)
        host = url.split("/")[2].lower()
        assert host.removeprefix(f"{_BUCKET}.") == service_host("s3", region), tempo.description
        assert f"/{region}/s3/aws4_request" in signature


def test_without_the_capital_letter_an_unknown_region_would_be_us_east_1(tmp_path: Path) -> None:
    """When no supported Tempo does so any more, `render/s3_host.py` is not needed any more."""
    for tempo in tempos():
        url, _ = first_request(tempo, tmp_path, "ap-southeast-6", service_host("s3", "ap-southeast-6"))
        assert url.split("/")[2] == f"{_BUCKET}.s3.us-east-1.amazonaws.com", tempo.description
