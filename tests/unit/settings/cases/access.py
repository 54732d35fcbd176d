"""Cases of `settings/checks/access.py`."""

from settings.checks import access
from tests.support.access import IMAGES, PROXY, proxied
from tests.support.stacks import ABSENT
from tests.unit.settings.cases import Case

CASES = (
    Case(
        access.the_proxy_has_what_it_needs,
        "prod",
        proxied({"access.issuer_url": ABSENT}),
        'access.issuer_url: is required by access.mode "proxy" (got nothing; allowed an https URL). '
        "Add it, or change access.mode.",
        proxied(),
    ),
    Case(
        access.the_proxy_has_what_it_needs,
        "prod",
        {"access": {"mode": "none", "audience": "grafana"}},
        'access.audience: does not apply to access.mode "none" (got "grafana"; allowed nothing). '
        "Remove it, or change access.mode.",
        {"access": {"mode": "none"}},
    ),
    Case(
        access.the_proxy_has_what_it_needs,
        "prod",
        proxied({"access.groups": [], "access.admin_groups": []}),
        'access.groups: with access.admin_groups is required by access.mode "proxy" '
        "(got 0 groups; allowed at least one group). Map a group to tenants.",
        proxied({"access.groups": []}),
    ),
    Case(
        access.the_proxy_has_what_it_needs,
        "prod",
        {"access": {"admin_groups": ["admins"]}},
        'access.groups: with access.admin_groups does not apply to access.mode "none" '
        "(got 1 groups; allowed none). Remove them, or set access.mode to proxy.",
        {"access": {}},
    ),
    Case(
        access.the_proxy_has_what_it_needs,
        "prod",
        {"access": PROXY, "images.oauth2_proxy": IMAGES["images.oauth2_proxy"]},
        'images.caddy: is required by access.mode "proxy" (got nothing; allowed an image). '
        "Add its repository and tag.",
        {"access": PROXY, **IMAGES},
    ),
    Case(
        access.the_proxy_keeps_tenants_apart,
        "prod",
        proxied({"tenants.mode": "single", "tenants.namespaces": [], "access.groups": []}),
        'access.mode: has no tenants to keep apart with tenants.mode single (got "proxy"; allowed "none"). '
        "Set tenants.mode to by_namespace and list the namespaces, or set access.mode to none.",
        {"tenants.mode": "single", "tenants.namespaces": []},
    ),
    Case(
        access.groups_read_tenants_that_exist,
        "prod",
        proxied({"access.groups": [{"members_of": "shop", "tenants": ["backstage", "shop"]}]}),
        'access.groups.0.tenants: names tenants that do not exist for the group "shop" (got ["shop"]; allowed '
        "argocd, argocd-long-term, backstage, backstage-long-term, jenkins, jenkins-long-term, shared, "
        "shared-long-term). Correct the names, or add the namespaces to tenants.namespaces.",
        proxied({"access.groups": [{"members_of": "shop", "tenants": ["backstage", "shared-long-term"]}]}),
    ),
    Case(
        access.groups_are_listed_once,
        "prod",
        proxied({"access.groups": [{"members_of": "admins", "tenants": ["backstage"]}]}),
        'access.groups: lists a group twice, counting access.admin_groups (got "admins"; allowed each group '
        "once). List all of its tenants in one place.",
        proxied({"access.groups": [{"members_of": "Admins", "tenants": ["backstage"]}]}),
    ),
)
