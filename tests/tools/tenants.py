"""The rendered gateway of a stack with two tenants, whose Tempo is a recorder on this machine."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from plan.limits import checked_plan
from render.files import render
from settings.stack import StackSettings
from tests.support.stacks import PLAINTEXT, settings_of
from tests.tools.loopback import TEMPO, TEMPO_HOST

# The shares of both tiers in percent.
BASELINE, LONG_TERM_BASELINE = 20, 5


def tenant_settings(changes: Mapping[str, Any] = MappingProxyType({})) -> StackSettings:
    """Return prod with two tenants, shares that a few thousand traces can tell apart, and further changes."""
    return settings_of(
        "prod",
        {
            "tenants.namespaces": ["team-a", "team-b"],
            "sampling.baseline_percentage": BASELINE,
            "sampling.long_term_baseline_percentage": LONG_TERM_BASELINE,
            # The minimum.
            "sampling.decision_wait_seconds": 5,
            # Twice prod's share to keep takes more CPU.
            "collectors.gateway.cpu_request_millicores": 1000,
            **PLAINTEXT,
            **changes,
        },
    )


def gateway_config(tempo: str = TEMPO, changes: Mapping[str, Any] = MappingProxyType({})) -> str:
    """Return the config that is deployed for these settings, with Tempo's address changed."""
    stack = tenant_settings(changes)
    return render(stack, checked_plan(stack)).gateway.replace(TEMPO_HOST, tempo)
