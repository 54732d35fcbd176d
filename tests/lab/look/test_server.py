"""The page's server is reachable by every page that a browser shows, so what it refuses matters most."""

import http.client
import json
import socket
from collections.abc import Iterator, Mapping

import pytest

from lab.cluster.service import Answered
from lab.commands.page import running
from lab.errors import LabError
from lab.look.definitions import definitions_of
from lab.look.packages import page_files
from lab.look.server import LookServer, Site
from tests.support.stacks import settings_of

JSON_TEXT = b'{"data": 1}'
TENANTS = {"tenants": {"mode": "by_namespace", "namespaces": ["backstage"]}}


class Behind:
    """A server behind the page's, which keeps what it was asked."""

    def __init__(self) -> None:
        """Answer with JSON."""
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.answer = Answered(200, JSON_TEXT, "application/json; charset=utf-8")

    def __call__(self, path: str, headers: Mapping[str, str]) -> Answered:
        """Keep the request."""
        self.asked.append((path, dict(headers)))
        return self.answer


class Browser:
    """Sends requests to the server under test."""

    def __init__(self, server: LookServer, tempo: Behind, prometheus: Behind) -> None:
        """Know what is behind it, too."""
        self.server, self.tempo, self.prometheus = server, tempo, prometheus

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        """Return status, body and headers; the names of `headers` have `_` for `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=10)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        found = response.status, response.read(), response.headers
        connection.close()
        return found

    def status(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> int:
        """Return the status alone."""
        return self.ask(path, method, body, **headers)[0]

    @property
    def passed_on(self) -> int:
        """The number of requests that reached Tempo or Prometheus."""
        return len(self.tempo.asked) + len(self.prometheus.asked)


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A running server of the staging stack with two tenants, and what is behind it."""
    settings = settings_of("staging", TENANTS)
    tempo, prometheus = Behind(), Behind()
    site = Site(page_files(), definitions_of("staging", settings, metrics=True), tempo, prometheus)
    with running(LookServer(site, 0)) as server:
        yield Browser(server, tempo, prometheus)


def test_the_page_and_its_modules_are_served_with_a_strict_policy(browser: Browser) -> None:
    status, body, headers = browser.ask("/")
    assert status == 200
    assert b"stands in for Grafana" in body
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert browser.ask("/app.js")[2]["Content-Type"] == "text/javascript"


def test_the_dashboards_are_those_that_grafana_gets(browser: Browser) -> None:
    summary = json.loads(browser.ask("/definitions.json")[1])
    for board in summary["dashboards"]:
        found = json.loads(browser.ask(f"/dashboards/{board['uid']}.json")[1])
        assert found["uid"] == board["uid"]
    assert summary["links"]["tracesToLogsV2"]["datasourceUid"] == summary["logs_backend"]
    assert "X-Scope-OrgID" not in json.dumps(summary)


def test_a_query_is_passed_on_as_the_chosen_tenant(browser: Browser) -> None:
    assert browser.ask("/tempo/tempo-backstage/api/search?q=%7B%7D&limit=2")[:2] == (200, JSON_TEXT)
    ((path, headers),) = browser.tempo.asked
    assert path == "/api/search?q=%7B%7D&limit=2"
    assert headers["X-Scope-OrgID"] == "backstage"


def test_all_tenants_are_asked_at_once(browser: Browser) -> None:
    browser.ask("/tempo/tempo/api/v2/traces/abc")
    assert "|" in browser.tempo.asked[0][1]["X-Scope-OrgID"]


def test_a_tenant_that_the_stack_does_not_have_is_refused(browser: Browser) -> None:
    """Neither by its name nor by a header of one's own."""
    assert browser.status("/tempo/tempo-other/api/search") == 404
    browser.ask("/tempo/tempo-backstage/api/search", X_Scope_OrgID="other")
    assert [headers["X-Scope-OrgID"] for _, headers in browser.tempo.asked] == ["backstage"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:1", "localhost", "", "127.0.0.1.evil.example:8300"])
def test_a_name_that_leads_here_from_elsewhere_is_refused(browser: Browser, host: str) -> None:
    """A page can point its own DNS name to 127.0.0.1, and would then read what we answer."""
    assert browser.status("/prometheus/api/v1/query?query=up", Host=host) == 421
    assert browser.status("/", Host=host) == 421
    assert browser.passed_on == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_requests_of_other_sites_are_refused(browser: Browser, headers: dict[str, str]) -> None:
    assert browser.status("/tempo/tempo/api/search", "GET", None, **headers) == 403
    assert browser.passed_on == 0


def test_our_own_requests_are_not(browser: Browser) -> None:
    own = f"http://127.0.0.1:{browser.server.server_port}"
    assert browser.status("/tempo/tempo/api/search", Origin=own, Sec_Fetch_Site="same-origin") == 200
    assert browser.status("/", Sec_Fetch_Site="none") == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_is_written(browser: Browser, method: str) -> None:
    status, _, headers = browser.ask("/prometheus/api/v1/query", method)
    assert status == 405
    assert headers["Allow"] == "GET, HEAD"
    assert "Content-Security-Policy" in headers
    assert browser.passed_on == 0


def test_a_body_is_refused_and_ends_the_connection(browser: Browser) -> None:
    """Left unread, it would be taken for the next request."""
    assert browser.status("/tempo/tempo/api/search", "GET", b"GET /tempo HTTP/1.1\r\n\r\n") == 413
    assert browser.status("/tempo/tempo/api/search", "GET", None, Transfer_Encoding="chunked") == 413
    assert browser.passed_on == 0


@pytest.mark.parametrize(
    "path",
    [
        "/prometheus/api/v1/admin/tsdb/delete_series",
        "/prometheus/api/v1/write",
        "/prometheus/-/reload",
        "/prometheus/api/v1/query/../admin/tsdb/snapshot",
        "/prometheus/api/v1/query%2f..%2fadmin",
        "/prometheus/api/v1/status/config",
        "/tempo/tempo/flush",
        "/tempo/tempo/shutdown",
        "/tempo/tempo/status/config",
        "/tempo/tempo/api/overrides",
        "/tempo/tempo/api/search/../../flush",
        "/tempo/tempo//flush",
    ],
)
def test_only_queries_are_passed_on(browser: Browser, path: str) -> None:
    assert browser.status(path) == 403
    assert browser.passed_on == 0


@pytest.mark.parametrize(
    "path", ["/../pyproject.toml", "/%2e%2e/pyproject.toml", "//etc/passwd", "/test", "/dashboards/"]
)
def test_only_the_pages_own_files_are_served(browser: Browser, path: str) -> None:
    assert browser.status(path) == 404


def test_an_endless_query_is_refused(browser: Browser) -> None:
    assert browser.status("/prometheus/api/v1/query?query=" + "x" * 20_000) == 414


def test_a_server_that_does_not_answer_is_told_with_the_reason(browser: Browser) -> None:
    browser.prometheus.answer = Answered(0, b"connection refused")
    assert browser.ask("/prometheus/api/v1/query")[:2] == (
        502,
        b"Prometheus does not answer: connection refused\n",
    )


def test_an_answer_is_never_a_page(browser: Browser) -> None:
    """What a sender put into a span must not run here."""
    browser.tempo.answer = Answered(200, b"<script>alert(1)</script>", "text/html")
    assert browser.ask("/tempo/tempo/api/search")[2]["Content-Type"].startswith("text/plain")


def test_a_stack_without_a_reachable_prometheus_is_told_what_to_set() -> None:
    settings = settings_of("dojo")
    site = Site({}, definitions_of("dojo", settings, metrics=False), Behind(), None)
    with running(LookServer(site, 0)) as server:
        status, body, _ = Browser(server, Behind(), Behind()).ask("/prometheus/api/v1/query")
    assert status == 404
    assert b"grafana.prometheus_url" in body


def test_a_taken_port_is_told(browser: Browser) -> None:
    with pytest.raises(LabError, match="PORT=8301"):
        LookServer(browser.server.site, browser.server.server_port)


def test_it_listens_on_loopback_alone(browser: Browser) -> None:
    assert browser.server.server_address[0] == "127.0.0.1"


def test_a_connection_serves_many_requests(browser: Browser) -> None:
    """Twenty panels ask at once."""
    connection = http.client.HTTPConnection("127.0.0.1", browser.server.server_port, timeout=10)
    for _ in range(3):
        connection.request("GET", "/prometheus/api/v1/query?query=up")
        assert connection.getresponse().read() == JSON_TEXT
        held = connection.sock
    assert isinstance(held, socket.socket)
    connection.close()
