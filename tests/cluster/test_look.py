"""The page of `make look` in a real browser, as a learner uses it."""

import secrets
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from lab.cluster.service import Cluster
from lab.commands.page import running
from lab.look.definitions import definitions_of
from lab.look.packages import package_files, page_files
from lab.look.server import LookServer, Site
from lab.look.upstream import prometheus_of, tempo_in
from lab.progress import Progress
from lab.target.target import Target
from lab.traces.roundtrip import send
from lab.traces.shop import Shop
from lab.traces.tempo import search, tempo_of
from settings.stack import StackSettings
from tests.support.live import LiveStack
from tests.support.tools import system_program
from tests.support.waiting import eventually

pytestmark = pytest.mark.cluster

# Enough for several failed checkouts with any seed.
_TRACES = 120
# More than the failed traces of the last hour.
_SEARCHED_TRACES = 1000
_FOUND_SECONDS = 60.0
_SEEN_MILLISECONDS = 20_000
FAILED = '{ resource.service.name = "payment" && status = error }'
WIDTHS = {"wide": (1440, 900), "narrow": (390, 844)}


@pytest.fixture(scope="module")
def url(live: LiveStack) -> Iterator[str]:
    """The page on a dojo that has traces of a shop, some of which failed."""
    live.bring()
    fill(live.cluster, live.settings)
    with served(live.target, live.settings) as server:
        yield server.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    program = str(system_program("chromium"))
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


def fill(cluster: Cluster, settings: StackSettings) -> None:
    """Send the shop's load and wait until a failed trace of it is found; a lab has older ones."""
    request = Shop(secrets.randbits(32)).requests(_TRACES, time.time_ns())
    sent = {
        span.trace_id.hex()
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    }
    send(cluster, settings, request.SerializeToString())
    tempo = tempo_of(cluster, settings)
    eventually(
        lambda: sent & {found.zfill(32) for found in search(tempo, FAILED, _SEARCHED_TRACES)[0]},
        "a failed trace is found",
        _FOUND_SECONDS,
    )


def served(target: Target, settings: StackSettings) -> AbstractContextManager[LookServer]:
    """Serve the page on any free port."""
    prometheus = prometheus_of(target, settings)
    definitions = definitions_of("dojo", settings, metrics=prometheus is not None)
    with Progress() as progress:
        files = {**package_files(progress), **page_files()}
    return running(LookServer(Site(files, definitions, tempo_in(target.cluster(), settings), prometheus), 0))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_from_the_map_to_a_failed_trace_to_its_logs(
    url: str, browser: Browser, scheme: str, width: str, tmp_path: Path
) -> None:
    """At both widths and in both colour schemes, without an error in the console."""
    wide, high = WIDTHS[width]
    context = browser.new_context(
        viewport={"width": wide, "height": high}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    said = complaints(page)
    walk(page, url, tmp_path)
    assert not said
    context.close()


def complaints(page: Page) -> list[str]:
    """Return a list that grows with every error and warning of the console, violations of the policy included."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def walk(page: Page, url: str, pictures: Path) -> None:
    """Click from the map to a failed trace to its logs, and keep pictures of each."""
    page.set_default_timeout(_SEEN_MILLISECONDS)
    page.goto(f"{url}/#/map?source=traces")
    page.get_by_role("link", name="payment: failed traces").click()
    expect(page.locator("tbody tr.failed").first).to_be_visible(timeout=_SEEN_MILLISECONDS)
    page.screenshot(path=pictures / "search.png")
    page.locator("tbody tr.failed a").first.click()
    expect(page.get_by_role("treeitem", selected=True)).to_contain_text("✖", timeout=_SEEN_MILLISECONDS)
    expect(page.locator(".lane .critical").first).to_be_visible()
    # Nothing is wider than the window: no sideways scrolling of the page itself.
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=pictures / "trace.png")
    trace_id = page.locator("main code").first.inner_text()
    page.get_by_role("link", name="Logs", exact=True).click()
    expect(page.locator("pre.query")).to_contain_text(trace_id)


def test_every_panel_of_every_dashboard_is_drawn(url: str, browser: Browser) -> None:
    """A panel that this page cannot draw, or a query that a server refuses, says so in the panel."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{url}/#/dashboards")
    expect(page.locator("main")).to_have_attribute("data-done", "#/dashboards", timeout=_SEEN_MILLISECONDS)
    uids = page.locator("ul.boards a").evaluate_all("links => links.map((one) => one.hash)")
    assert uids
    failures = {}
    for uid in uids:
        page.goto(f"{url}/{uid}")
        expect(page.locator("main")).to_have_attribute("data-done", uid, timeout=_SEEN_MILLISECONDS)
        failures[uid] = page.locator(".error, .note:has-text('draws no panels')").all_inner_texts()
    page.close()
    assert not {uid: found for uid, found in failures.items() if found}


def test_an_answer_that_comes_late_does_not_replace_the_next_view(url: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{url}/#/logs?expr=first")
    page.evaluate(
        "location.hash = '#/traces?q={}'; setTimeout(() => { location.hash = '#/logs?expr=second'; }, 0)"
    )
    expect(page.locator("pre.query")).to_have_text("second")
    page.wait_for_timeout(1500)
    expect(page.locator("pre.query")).to_have_text("second")
    page.close()
