"""Cases of `settings/checks/tenancy.py`."""

from settings.checks import tenancy
from tests.unit.settings.cases import Case

CASES = (
    Case(
        tenancy.tenants_are_consistent,
        "prod",
        {"tenants.namespaces": []},
        'tenants.namespaces: is required by tenants.mode "by_namespace" (got []; allowed at least one namespace). '
        "List the namespaces with a tenant of their own, or set tenants.mode to single.",
        {"tenants.namespaces": ["one"]},
    ),
    Case(
        tenancy.tenants_are_consistent,
        "dojo",
        {"tenants.namespaces": ["one"]},
        'tenants.namespaces: does not apply to tenants.mode "single" (got ["one"]; allowed an empty list). '
        "Remove it, or set tenants.mode to by_namespace.",
        {"tenants.namespaces": ["one"], "tenants.mode": "by_namespace"},
    ),
    Case(
        tenancy.tenants_are_consistent,
        "prod",
        {"tenants.namespaces": ["one", "shared"]},
        "tenants.namespaces: lists a tenant twice, counting tenants.default_tenant and the tenants of the "
        "long-term tier "
        '(got "shared"; allowed each name once). Remove or rename one of them.',
        {"tenants.namespaces": ["one", "shared"], "tenants.default_tenant": "others"},
    ),
    Case(
        tenancy.tenants_are_consistent,
        "prod",
        {"tenants.namespaces": ["one", "one-long-term"]},
        "tenants.namespaces: lists a tenant twice, counting tenants.default_tenant and the tenants of the "
        "long-term tier "
        '(got "one-long-term"; allowed each name once). Remove or rename one of them.',
        {"tenants.namespaces": ["one", "two-long-term"]},
    ),
)
