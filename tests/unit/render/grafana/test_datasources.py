"""Grafana's datasources: only keys that the plugins know, one for each tenant, and links that lead somewhere."""

import re
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from promql_parser import parse as parse_promql

from plan.plan import make_plan
from render.grafana import uids
from render.grafana.datasources import datasources, provisioning_file
from render.grafana.tempo_datasource import Endpoint, frontend, tempo_datasource
from render.tempo.config import tempo_config
from render.tenants import long_term_tenants, tenants
from settings.stack import StackSettings
from tests.support.datasource_schemas import schemas
from tests.support.stacks import STACKS, settings_of
from tests.support.strategies import valid_settings

LOKI = {"grafana.datasources": ["tempo", "prometheus", "logs"], "grafana.logs_url": "http://loki.logging.svc:3100"}
OPENSEARCH = LOKI | {"grafana.logs_backend": "opensearch"}
SCHEMAS = schemas()


def known(datasource: dict[str, Any]) -> None:
    """Fail for a key that the plugin does not know, or a value of another type."""
    jsonschema.validate(datasource, SCHEMAS[datasource["type"]])


def by_uid(settings: StackSettings) -> dict[str, dict[str, Any]]:
    """Return the stack's datasources by uid."""
    return {one["uid"]: one for one in datasources(settings)}


def tenant(datasource: dict[str, Any]) -> str | None:
    """Return the tenants that the datasource asks for."""
    names = {key: value for key, value in datasource["jsonData"].items() if key.startswith("httpHeaderName")}
    if not names:
        return None
    assert names == {"httpHeaderName1": "X-Scope-OrgID"}
    value: str = datasource["secureJsonData"]["httpHeaderValue1"]
    return value


@given(valid_settings())
def test_a_datasource_has_only_keys_that_its_plugin_knows(settings: StackSettings) -> None:
    """Grafana ignores the others in silence."""
    for one in datasources(settings):
        known(one)


@pytest.mark.parametrize("changes", [LOKI, OPENSEARCH, {"grafana.profiles_uid": "pyroscope"}])
def test_every_kind_of_datasource_is_known(changes: dict[str, Any]) -> None:
    found = datasources(settings_of("prod", changes))
    assert {one["type"] for one in found} <= set(SCHEMAS)
    for one in found:
        known(one)


@pytest.mark.parametrize(
    "edit",
    [
        lambda data: data.update(lokiSearch={"datasourceUid": "loki"}),
        lambda data: data["tracesToLogsV2"].update(mapTagNamesEnabled=True),
        lambda data: data["spanBar"].update(type="duration"),
        lambda data: data["search"]["filters"][0].update(scope="trace"),
        lambda data: data.update(timeRangeForTags=3600),
        lambda data: data["tracesToMetrics"]["queries"][0].update(expr="up"),
    ],
)
def test_an_unknown_key_or_value_would_be_found(edit: Any) -> None:
    datasource = by_uid(settings_of("dojo"))["tempo"]
    known(datasource)
    edit(datasource["jsonData"])
    with pytest.raises(jsonschema.ValidationError):
        known(datasource)


@given(valid_settings())
def test_uids_and_names_are_unique_and_fit_grafana(settings: StackSettings) -> None:
    found = datasources(settings)
    assert len({one["uid"] for one in found}) == len({one["name"] for one in found}) == len(found)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,40}", one["uid"]) for one in found)


def test_long_names_of_tenants_keep_their_own_uids() -> None:
    first, second = (uids.tempo_tenant("n" * 62 + last) for last in "ab")
    assert first != second
    assert len(first) == len(second) == uids.MAX_LENGTH
    assert uids.tempo_tenant("backstage") == "tempo-backstage"


def test_a_stack_without_tenants_has_one_datasource_without_a_header() -> None:
    found = by_uid(settings_of("dojo"))
    assert [*found] == ["tempo"]
    assert tenant(found["tempo"]) is None
    assert "secureJsonData" not in found["tempo"]


def test_a_stack_with_tenants_has_one_across_them_and_one_for_each_in_each_tier() -> None:
    settings = settings_of("prod")
    asked = {uid: tenant(one) for uid, one in by_uid(settings).items()}
    detailed, long_term = tenants(settings), long_term_tenants(settings)
    assert asked.pop("tempo") == "|".join(detailed) == "argocd|backstage|jenkins|shared"
    assert asked.pop("tempo_long-term") == "|".join(long_term)
    assert asked == {f"tempo-{name}": name for name in [*detailed, *long_term]}


@given(valid_settings())
def test_no_datasource_names_tiers_together(settings: StackSettings) -> None:
    """A trace in both would be counted twice."""
    long_term = set(long_term_tenants(settings))
    for one in datasources(settings):
        if one["type"] == "tempo" and (asked := tenant(one)):
            assert len({name in long_term for name in asked.split("|")}) == 1


@pytest.mark.parametrize(
    ("stack", "changes", "url", "streams"),
    [
        ("dojo", {}, "http://tempo.fawkes-observability.svc:3200", True),
        (
            "dojo",
            {"tls.otlp": "tls", "tls.issuer": {"name": "a"}},
            "http://tempo.fawkes-observability.svc:3200",
            False,
        ),
        ("prod", {}, "http://tempo-query-frontend.fawkes-observability.svc:3200", True),
    ],
)
def test_queries_go_to_the_service_that_answers_them(
    stack: str,
    changes: dict[str, Any],
    url: str,
    streams: bool,  # noqa: FBT001 - a case
) -> None:
    settings = settings_of(stack, changes)
    found = by_uid(settings)["tempo"]
    assert found["url"] == url
    assert found["jsonData"]["streamingEnabled"] == {"search": streams, "metrics": streams}
    # Tempo's own switch, which only query frontends turn on by a variable.
    switch = tempo_config(settings, make_plan(settings))["stream_over_http_enabled"]
    assert switch == (streams if stack == "dojo" else "${TEMPO_STREAM_OVER_HTTP:-false}")


def test_an_endpoint_of_ones_own_passes_on_the_users_token() -> None:
    """For a proxy that sets the tenant from it."""
    endpoint = Endpoint("https://proxy.tracing.svc:8443", {"X-A": "1", "X-B": "2"}, pass_user_token=True)
    found = tempo_datasource(settings_of("prod"), endpoint, name="Traces", uid="traces")
    known(found)
    data = found["jsonData"]
    assert (found["url"], data["oauthPassThru"]) == ("https://proxy.tracing.svc:8443", True)
    assert (data["httpHeaderName1"], data["httpHeaderName2"]) == ("X-A", "X-B")
    assert found["secureJsonData"] == {"httpHeaderValue1": "1", "httpHeaderValue2": "2"}
    assert data["streamingEnabled"] == {"search": False, "metrics": False}


def test_the_own_endpoint_never_passes_on_a_token() -> None:
    settings = settings_of("prod")
    assert (
        "oauthPassThru" not in tempo_datasource(settings, frontend(settings, "a"), name="a", uid="a")["jsonData"]
    )


@pytest.mark.parametrize(
    ("hours", "seconds"), [(1, 1800), (3, 10_800), (23, 10_800), (24, 86_400), (168, 86_400), (8760, 86_400)]
)
def test_attributes_are_looked_for_within_the_retention_and_a_day(hours: int, seconds: int) -> None:
    settings = settings_of("dojo", {"retention.detailed_hours": hours, "tempo.search_window_hours": hours})
    assert by_uid(settings)["tempo"]["jsonData"]["timeRangeForTags"] == seconds


def test_exemplars_lead_to_traces_under_both_names_of_their_label() -> None:
    links = by_uid(settings_of("prod", LOKI))["prometheus"]["jsonData"]["exemplarTraceIdDestinations"]
    assert {(link["name"], link["datasourceUid"]) for link in links} == {
        ("traceID", "tempo"),
        ("trace_id", "tempo"),
    }


@pytest.mark.parametrize(
    "line",
    [
        'level=error trace_id=0af7651916cd43dd8448eb211c80319c msg="no stock"',
        '{"traceId":"0af7651916cd43dd8448eb211c80319c"}',
        '{"trace.id" : "0AF7651916CD43DD8448EB211C80319C"}',
        "traceID: 0af7651916cd43dd8448eb211c80319c",
    ],
)
def test_a_trace_id_in_a_line_of_text_becomes_a_link(line: str) -> None:
    fields = by_uid(settings_of("prod", LOKI))["loki"]["jsonData"]["derivedFields"]
    (text,) = [field for field in fields if field["matcherType"] == "regex"]
    found = re.search(text["matcherRegex"], line)
    assert found is not None
    assert found.group(1).lower() == "0af7651916cd43dd8448eb211c80319c"
    assert re.search(text["matcherRegex"], "span_id=00f067aa0ba902b7") is None
    assert [field["matcherRegex"] for field in fields if field["matcherType"] == "label"] == ["trace_id"]


def test_spans_lead_to_the_logs_of_the_backend() -> None:
    loki = by_uid(settings_of("prod"))["tempo"]["jsonData"]["tracesToLogsV2"]
    assert (loki["datasourceUid"], loki["filterByTraceID"], loki["customQuery"]) == ("loki", True, False)
    assert {"key": "service.name", "value": "service_name"} in loki["tags"]
    found = by_uid(settings_of("prod", OPENSEARCH))
    link = found["tempo"]["jsonData"]["tracesToLogsV2"]
    assert (link["datasourceUid"], link["query"]) == ("opensearch", 'trace_id:"${__span.traceId}"')
    assert found["opensearch"]["type"] == "grafana-opensearch-datasource"
    (back,) = found["opensearch"]["jsonData"]["dataLinks"]
    assert re.fullmatch(back["field"], "trace_id")
    assert re.fullmatch(back["field"], "trace_ids") is None


@pytest.mark.parametrize("source", ["agents", "tempo"])
def test_queries_of_span_metrics_parse_and_group_by_operation(source: str) -> None:
    """With one label of the span, as Grafana puts it in."""
    link = by_uid(settings_of("prod", {"span_metrics.source": source}))["tempo"]["jsonData"]["tracesToMetrics"]
    assert len(link["queries"]) == 3
    for one in link["queries"]:
        query = one["query"].replace("$__tags", 'service="cart"').replace("$__rate_interval", "2m")
        assert "$" not in query
        parse_promql(query)
        assert "span_name" in query
    labels = {tag["value"] for tag in link["tags"]}
    assert labels == ({"service", "k8s_namespace_name"} if source == "agents" else {"service"})


def test_links_are_left_out_where_nothing_answers() -> None:
    data = by_uid(settings_of("prod", {"span_metrics.source": "none", "retention.aggregated_metrics_days": None}))[
        "tempo"
    ]["jsonData"]
    assert "tracesToMetrics" not in data
    assert "tracesToProfiles" not in data
    profiled = by_uid(settings_of("prod", {"grafana.profiles_uid": "pyroscope"}))["tempo"]["jsonData"]
    assert profiled["tracesToProfiles"]["datasourceUid"] == "pyroscope"


@pytest.mark.parametrize("stack", STACKS)
def test_the_file_says_what_the_api_is_told_once_grafana_has_expanded_it(stack: str) -> None:
    """Grafana takes `$__tags` for a variable of its environment, and `$$` for a dollar."""
    settings = settings_of(stack, OPENSEARCH)
    text = provisioning_file(datasources(settings))
    assert re.findall(r"(?<!\$)\$(?:\$\$)*(?!\$)", text) == []
    assert yaml.safe_load(text.replace("$$", "$"))["datasources"] == datasources(settings)
    assert yaml.safe_load(text)["prune"] is True


@given(valid_settings())
def test_no_datasource_claims_to_be_the_default(settings: StackSettings) -> None:
    """Grafana does not start with two, and the platform has one."""
    assert all("isDefault" not in one for one in datasources(settings))
