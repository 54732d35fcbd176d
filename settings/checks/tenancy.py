"""Checks of tenants and of the certificates between them."""

from collections.abc import Iterator

from settings.problems import Problem, shown
from settings.stack import StackSettings


def tenants_are_consistent(settings: StackSettings) -> Iterator[Problem]:
    """A list without a mode, or a mode without a list, is a half-made change."""
    tenants = settings.tenants
    if (tenants.mode == "by_namespace") != bool(tenants.namespaces):
        yield Problem(
            "tenants.namespaces",
            f"does not fit tenants.mode {shown(tenants.mode)}",
            shown(list(tenants.namespaces)),
            "at least one namespace" if tenants.mode == "by_namespace" else "an empty list",
            "List the namespaces with a tenant of their own, or change the mode.",
        )
    names = [*tenants.namespaces, tenants.default_tenant]
    if settings.retention.long_term_hours is not None:
        names += [tenants.long_term(name) for name in dict.fromkeys(names)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem(
            "tenants.namespaces",
            "names a tenant twice, counting tenants.default_tenant and the long-term tier's tenants",
            shown(name),
            "each name once",
            "Remove or rename one of them.",
        )


def certificates_have_an_issuer(settings: StackSettings) -> Iterator[Problem]:
    """Certificates must come from somewhere, and plaintext needs none."""
    tls = settings.tls
    if (tls.otlp == "plaintext") != (tls.cluster_issuer is None):
        yield Problem(
            "tls.cluster_issuer",
            f"does not fit tls.otlp {shown(tls.otlp)}",
            "nothing" if tls.cluster_issuer is None else shown(tls.cluster_issuer),
            "nothing" if tls.otlp == "plaintext" else "the name of a ClusterIssuer",
            "Name the issuer that signs the certificates, or change tls.otlp.",
        )
