"""Teams are kept apart: real oauth2-proxy and Caddy between users and a real Tempo of three tenants."""

import base64
import itertools
import time
from collections.abc import Iterator
from typing import Any

import grpc
import pytest

from tests.tools.access import AUDIENCE, GROUPS, TENANTS, AccessLab, access_lab, search_path

pytestmark = pytest.mark.tools
A, B = "/delivery/a", "b.x"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AccessLab]:
    """Run the programs once for all tests."""
    with access_lab(tmp_path_factory.mktemp("access")) as found:
        yield found


def test_every_set_of_groups_finds_exactly_its_tenants(lab: AccessLab) -> None:
    sets = [found for size in (1, 2, 3, 4) for found in itertools.combinations(GROUPS, size)]
    for groups in sets:
        allowed = set().union(*(GROUPS[name] for name in groups))
        assert lab.search(lab.token(["others", *groups])).finds(lab.sent) == allowed, groups


def test_a_trace_is_found_by_its_id_only_by_those_who_may_read_it(lab: AccessLab) -> None:
    token = lab.token([A])
    for version in ("", "/v2"):
        found = {tenant: lab.ask(f"/api{version}/traces/{trace}", token) for tenant, trace in lab.sent.items()}
        assert found["team-a"].status == 200
        assert "storefront" in found["team-a"].body
        for other in ("team-b", "shared"):
            assert "storefront" not in found[other].body


def test_values_of_tags_are_those_of_the_own_tenants(lab: AccessLab) -> None:
    now = int(time.time())
    path = f"/api/v2/search/tag/resource.service.name/values?start={now - 3600}&end={now + 60}"
    assert "storefront" in lab.ask(path, lab.token([A])).body
    assert lab.ask(path, lab.token(["others"])).status == 403


def test_a_streamed_search_finds_the_same(lab: AccessLab) -> None:
    assert lab.stream(lab.token([A])) == {"team-a"}
    assert lab.stream(lab.token([A, B])) == set(TENANTS)


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1_000_000_000},
        {"iss": "https://other.example.com"},
        {"aud": "another-client"},
        {"nbf": 32_503_680_000},
        {"email_verified": False},
    ],
    ids=str,
)
def test_a_token_of_another_time_issuer_or_audience_is_refused(lab: AccessLab, claims: dict[str, Any]) -> None:
    assert lab.search(lab.token([A], **claims)).status == 401


def test_a_forged_or_missing_token_is_refused(lab: AccessLab) -> None:
    header, _, signature = lab.token([A]).split(".")
    payload = lab.token(["admins"]).split(".")[1]
    nothing = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    for token in (
        None,
        "text",
        lab.token([A], "forge"),
        f"{header}.{payload}.{signature}",
        f"{nothing}.{payload}.",
    ):
        assert lab.search(token).status == 401, token
    with pytest.raises(grpc.RpcError) as refused:
        lab.stream(None)
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED


@pytest.mark.parametrize("groups", [None, [], ["others"], ["delivery/a"], ["bxx"], ["B.X"], ["c++ team2"]])
def test_whose_groups_are_none_of_the_listed_reads_nothing(lab: AccessLab, groups: list[str] | None) -> None:
    assert lab.search(lab.token(groups)).status == 403


@pytest.mark.parametrize("name", ["others,b.x", " b.x "])
def test_a_name_with_a_comma_or_spaces_around_it_is_read_as_docs_access_says(lab: AccessLab, name: str) -> None:
    assert lab.search(lab.token([name])).finds(lab.sent) == GROUPS[B]


@pytest.mark.parametrize(
    "headers",
    [
        [("X-Scope-OrgID", "team-b")],
        [("x-scope-orgid", "team-b"), ("X-SCOPE-ORGID", "shared")],
        [("X_Scope_OrgID", "team-b")],
        [("X-Scope-Orgid", "team-b"), ("Connection", "X-Scope-OrgID")],
        [("X-Auth-Request-Groups", "admins")],
        [("X-Auth-Request-Groups", "admins"), ("X-Auth-Request-Groups", "b.x")],
        [("X_Auth_Request_Groups", "admins")],
        [("X-Forwarded-Uri", "/api/search?allowed_groups=admins"), ("X-Forwarded-User", "admin")],
        [("Cookie", "_oauth2_proxy=admins; X-Scope-OrgID=team-b")],
        [("Forwarded", "for=127.0.0.1"), ("X-Real-Ip", "127.0.0.1"), ("X-Forwarded-For", "127.0.0.1")],
    ],
    ids=str,
)
def test_no_header_of_the_client_changes_what_it_reads(lab: AccessLab, headers: list[tuple[str, str]]) -> None:
    assert lab.search(lab.token([A]), headers).finds(lab.sent) == {"team-a"}
    assert lab.search(None, headers).status == 401


def test_no_metadata_of_a_stream_changes_what_it_reads(lab: AccessLab) -> None:
    forged = [("x-scope-orgid", "team-b"), ("x-scope-orgid", "shared"), ("x-auth-request-groups", "admins")]
    assert lab.stream(lab.token([A]), [*forged, ("x_scope_orgid", "team-b")]) == {"team-a"}


def test_two_tokens_do_not_add_up(lab: AccessLab) -> None:
    """Grafana sends one; whichever of two is read, never both."""
    answer = lab.search(lab.token([A]), [("Authorization", f"Bearer {lab.token([B])}")])
    assert answer.status == 401 or answer.finds(lab.sent) == {"team-a"}


@pytest.mark.parametrize(
    "path",
    [
        "/flush",
        "/shutdown",
        "/status/config",
        "/metrics",
        "/debug/pprof/",
        "/api/overrides",
        "/api/search/../../flush",
        "/api/search/%2e%2e/%2e%2e/flush",
        "/flush/../api/search",
        "/api//search",
        "/tempopb.StreamingQuerier/Search",
        "/tempopb.MetricsGenerator/PushSpans",
        "/ready",
        "/oauth2/auth",
        "/oauth2/start",
    ],
)
def test_only_the_read_api_passes(lab: AccessLab, path: str) -> None:
    assert lab.ask(path, lab.token(["admins"])).status == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "CONNECT", "OPTIONS"])
def test_only_reading_methods_pass(lab: AccessLab, method: str) -> None:
    assert lab.ask("/api/search", lab.token(["admins"]), method=method).status in {400, 403, 405}


def test_the_log_says_who_asked_what_as_which_tenants_and_has_no_token(lab: AccessLab) -> None:
    token = lab.token([A, "c++ team"], email="grace@example.com", sub="42")
    assert lab.search(token, [("X-Id-Token", token)], '{ name = "audited" }').status == 200
    assert lab.stream(token) == {"team-a", "shared"}
    assert lab.search(f"{token}x").status == 401
    searched, streamed = [one for one in lab.log() if one.get("email") == "grace@example.com"]
    assert (searched["user"], searched["tenants"], searched["status"]) == ("42", "shared|team-a", 200)
    assert searched["request"]["uri"].startswith(search_path('{ name = "audited" }')[:40])
    assert abs(searched["ts"] - time.time()) < 60
    assert base64.b64decode(streamed["grpc_request"]).endswith(b"{}")
    refused = lab.log()[-1]
    assert refused["status"] == 401
    assert "email" not in refused
    assert not [part for part in token.split(".")[1:] if part in lab.logs()]
    assert AUDIENCE not in "".join(str(one) for one in lab.log())
