"""Pods that are not hardened."""

from tests.seeds.seed import Seed, put

_SECURITY = "spec.template.spec.containers.0.securityContext"

SEEDS = (
    Seed(
        name="a container may gain privileges",
        rule="pods-forbid-privilege-escalation",
        resource="tempo-querier-server",
        says="may gain privileges",
        edits={"tempo-querier-server": put(f"{_SECURITY}.allowPrivilegeEscalation", value=True)},
    ),
)
