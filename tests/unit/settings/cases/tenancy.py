"""Cases of `settings/checks/tenancy.py`."""

from settings.checks import tenancy
from tests.unit.settings.cases import Case

CASES = (
    Case(
        tenancy.tenants_are_consistent,
        "prod",
        {"tenants.namespaces": []},
        'tenants.namespaces: does not fit tenants.mode "by_namespace" (got []; allowed at least one namespace). '
        "List the namespaces with a tenant of their own, or change the mode.",
        {"tenants.namespaces": ["one"]},
    ),
    Case(
        tenancy.tenants_are_consistent,
        "dojo",
        {"tenants.namespaces": ["one"]},
        'tenants.namespaces: does not fit tenants.mode "single" (got ["one"]; allowed an empty list). '
        "List the namespaces with a tenant of their own, or change the mode.",
        {"tenants.namespaces": ["one"], "tenants.mode": "by_namespace"},
    ),
    Case(
        tenancy.tenants_are_consistent,
        "prod",
        {"tenants.namespaces": ["one", "shared"]},
        "tenants.namespaces: names a tenant twice, counting tenants.default_tenant and the long-term tier's "
        "tenants "
        '(got "shared"; allowed each name once). Remove or rename one of them.',
        {"tenants.namespaces": ["one", "shared"], "tenants.default_tenant": "others"},
    ),
    Case(
        tenancy.certificates_have_an_issuer,
        "prod",
        {"tls.otlp": "mutual_tls"},
        'tls.cluster_issuer: does not fit tls.otlp "mutual_tls" (got nothing; allowed the name of a '
        "ClusterIssuer). Name the issuer that signs the certificates, or change tls.otlp.",
        {"tls.otlp": "mutual_tls", "tls.cluster_issuer": "other-issuer"},
    ),
    Case(
        tenancy.certificates_have_an_issuer,
        "dojo",
        {"tls.cluster_issuer": "fawkes-internal"},
        'tls.cluster_issuer: does not fit tls.otlp "plaintext" (got "fawkes-internal"; allowed nothing). '
        "Name the issuer that signs the certificates, or change tls.otlp.",
        {"tls.cluster_issuer": "fawkes-internal", "tls.otlp": "tls"},
    ),
    Case(
        tenancy.tenants_are_consistent,
        "prod",
        {"tenants.namespaces": ["one", "one-long-term"]},
        "tenants.namespaces: names a tenant twice, counting tenants.default_tenant and the long-term tier's "
        "tenants "
        '(got "one-long-term"; allowed each name once). Remove or rename one of them.',
        {"tenants.namespaces": ["one", "two-long-term"]},
    ),
)
