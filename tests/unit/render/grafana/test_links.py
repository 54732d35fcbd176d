"""Links into Grafana hold what they should, whatever stands in a query or in a label."""

import json
import re
from typing import Any
from urllib.parse import parse_qs, quote, quote_plus, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.grafana import links
from tests.support.stacks import settings_of

FAILED = '{ resource.service.name =~ "$service" && status = error }'
GRAFANA = {"grafana.url": "https://grafana.example.com/fawkes/"}
# No surrogates: a query is a file's text.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def panes(url: str) -> dict[str, Any]:
    """Return what Explore reads from an address."""
    (encoded,) = parse_qs(urlsplit(url).query, strict_parsing=True)["panes"]
    found: dict[str, Any] = json.loads(encoded)["traces"]
    return found


def with_label(url: str, value: str) -> str:
    """Return an annotation as Prometheus renders it for this value of the label `service`."""
    rendered = quote_plus(re.sub("[^a-zA-Z0-9._-]", ".", value))
    return re.sub(r"\{\{ \$labels\.service .*?\}\}", lambda _: rendered, url)


@given(traceql=TEXTS)
def test_explore_gets_the_query_as_it_was_written(traceql: str) -> None:
    url = links.explore_traceql(traceql.replace("$", "$$"), {})
    assert panes(url)["queries"][0]["query"] == traceql


@given(
    value=st.one_of(TEXTS, st.sampled_from(['"', "{}", "%", "\n", "</a>", "\\", '" || true }', "&orgId=2", "#"]))
)
def test_no_label_breaks_out_of_an_alerts_search(value: str) -> None:
    url = with_label(links.alert_links(settings_of("dojo", GRAFANA), FAILED, ["service"])["trace_url"], value)
    assert set(parse_qs(urlsplit(url).query, strict_parsing=True)) == {"schemaVersion", "orgId", "panes"}
    query = panes(url)["queries"][0]["query"]
    found = re.fullmatch(r'\{ resource\.service\.name =~ "([a-zA-Z0-9._-]*)" && status = error \}', query)
    assert found
    assert re.fullmatch(found[1], value, re.DOTALL)


def test_explore_reads_a_search_of_all_tenants_in_the_boards_time_range() -> None:
    url = links.explore_traceql(FAILED, {"service": links.series("service")})
    pane = panes(url)
    assert url.startswith("/explore?schemaVersion=1&orgId=1&panes=%7B%22traces%22")
    assert pane["range"] == {"from": "${__from}", "to": "${__to}"}
    assert pane["datasource"] == "tempo"
    (query,) = pane["queries"]
    assert query["datasource"] == {"type": "tempo", "uid": "tempo"}
    assert (query["refId"], query["queryType"], query["tableType"]) == ("A", "traceql", "traces")
    assert '"${__field.labels.service:percentencode}"' in query["query"]


def test_everything_but_variables_is_encoded() -> None:
    url = links.explore_traceql(FAILED, {"service": links.column("Service")})
    variables = ('${__data.fields["Service"]:percentencode}', "${__from}", "${__to}")
    for variable in variables:
        assert variable in url
        url = url.replace(variable, "")
    assert quote(url, safe="/?=&%") == url


def test_a_board_is_opened_with_the_value_that_was_clicked() -> None:
    assert links.dashboard("services", {"service": links.series("service")}) == (
        "/d/fawkes-tracing-services?${__url_time_range}&var-service=${__field.labels.service:percentencode}"
    )


def test_an_alert_links_to_a_search_and_to_its_services_board() -> None:
    found = links.alert_links(settings_of("dojo", GRAFANA), FAILED, ["service"])
    assert found["trace_url"].startswith("https://grafana.example.com/fawkes/explore?")
    assert with_label(found["dashboard_url"], "cart & till") == (
        "https://grafana.example.com/fawkes/d/fawkes-tracing-services?from=now-1h&to=now&var-service=cart...till"
    )


def test_an_alert_has_no_links_without_an_address_of_grafana() -> None:
    assert links.alert_links(settings_of("dojo", {"grafana.url": None}), FAILED, ["service"]) == {}


def test_a_name_without_a_value_is_refused() -> None:
    with pytest.raises(KeyError, match="service"):
        links.explore_traceql(FAILED, {})
