"""The access proxy's file, with its maps read as Caddy's manual defines them; tests/tools/ runs it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan.plan import make_plan
from render.access.caddyfile import caddyfile
from render.access.oauth2_proxy import oauth2_proxy_flags
from render.files import render
from settings.access import Access, GroupAccess
from settings.stack import StackSettings
from tests.support.access import ISSUER, proxied
from tests.support.stacks import settings_of

PROD = settings_of("prod", proxied())
DETAILED = ["argocd", "backstage", "jenkins", "shared"]
LONG_TERM = [f"{tenant}-long-term" for tenant in DETAILED]
# Names whose parts are names of others, and which mean something to a regular expression.
NAMES = ["a", "a b", "b", "a.b", "axb", "a+", "aa", "/a", "/a/b", "A", "role:a", "a@b.example"]
_MAP = re.compile(r'map (\S+|"[^"]*") (\{\w+\}) \{\n\s*"~(.+)" "(.*)"\n\s*default ""\n')


def header(settings: StackSettings, port: int, groups: Sequence[str]) -> str:
    """Return the tenants that a site sets for a user's groups; empty for none."""
    site = caddyfile(settings).split(f"http://:{port} {{")[1].split("http://:")[0]
    known = {"{http.request.header.X-Auth-Request-Groups}": ",".join(groups)}
    for source, name, pattern, output in _MAP.findall(site):
        value = re.sub(r"\{[^}]+\}", lambda found: known[found[0]], source.strip('"'))
        match = re.search(pattern, value)
        known[name] = match.expand(output.replace("${1}", r"\1")) if match else ""
    return known["{tenants}"]


def with_groups(groups: Mapping[str, Sequence[str]], admins: Sequence[str]) -> StackSettings:
    """Return prod with these groups."""
    access = Access(
        mode="proxy",
        issuer_url=ISSUER,
        audience="grafana",
        groups=tuple(GroupAccess(members_of=name, tenants=tuple(tenants)) for name, tenants in groups.items()),
        admin_groups=tuple(admins),
    )
    return PROD.model_copy(update={"access": access})


@given(
    groups=st.dictionaries(
        st.sampled_from(NAMES), st.lists(st.sampled_from([*DETAILED, *LONG_TERM]), min_size=1, unique=True)
    ),
    admins=st.lists(st.sampled_from(["admins", "a-admins"]), unique=True),
    user=st.lists(st.sampled_from([*NAMES, "admins", "a-admins", "stranger"]), unique=True),
)
def test_for_every_set_of_groups_the_header_holds_exactly_the_allowed_tenants(
    groups: dict[str, list[str]], admins: list[str], user: list[str]
) -> None:
    settings = with_groups(groups, admins)
    for port, tier in ((8080, DETAILED), (8082, LONG_TERM)):
        allowed = {tenant for name in user for tenant in groups.get(name, [])}
        if set(user) & set(admins):
            allowed |= set(tier)
        assert header(settings, port, user) == "|".join(tenant for tenant in tier if tenant in allowed)


def test_only_a_stack_with_the_proxy_has_its_file() -> None:
    assert list(render(PROD, make_plan(PROD)).access) == ["Caddyfile"]
    without = settings_of("prod")
    assert render(without, make_plan(without)).access == {}


def test_a_stack_without_a_long_term_tier_has_one_site_of_tenants() -> None:
    changes: dict[str, Any] = {"retention.long_term_hours": None, "access.groups": []}
    file = caddyfile(settings_of("prod", proxied(changes)))
    assert re.findall(r"http://:(\d+)", file) == ["8080", "8081"]


def test_a_tempo_that_does_not_stream_gets_no_streams() -> None:
    monolith = PROD.model_copy(update={"tempo": PROD.tempo.model_copy(update={"deployment_mode": "monolithic"})})
    assert "tempopb" in caddyfile(PROD)
    assert "tempopb" not in caddyfile(monolith)


def test_the_id_token_is_checked_only_where_the_settings_say_so() -> None:
    other = settings_of("prod", proxied({"access": {**PROD.access.model_dump(mode="json"), "token": "id"}}))
    line = 'header_up Authorization "Bearer {http.request.header.X-Id-Token}"'
    assert caddyfile(PROD).count(line) == 0
    assert caddyfile(other).count(line) == 2


def test_the_flags_name_the_issuer_the_audience_and_the_claim() -> None:
    flags = oauth2_proxy_flags(PROD)
    assert {f"--oidc-issuer-url={ISSUER}", "--client-id=grafana", "--oidc-groups-claim=groups"} <= set(flags)
    with pytest.raises(ValueError, match="issuer_url"):
        oauth2_proxy_flags(settings_of("prod"))
