"""The rendered gateway of a stack with two tenants, whose Tempo is a recorder on this machine."""

from plan.limits import checked_plan
from render.files import render
from settings.stack import StackSettings
from tests.support.stacks import PLAINTEXT, settings_of
from tests.tools.loopback import TEMPO, TEMPO_HOST

# The shares of both tiers in percent.
BASELINE, LONG_TERM_BASELINE = 20, 5


def tenant_settings() -> StackSettings:
    """Return prod with two tenants and shares that a few thousand traces can tell apart."""
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
        },
    )


def gateway_config(tempo: str = TEMPO) -> str:
    """Return the config that is deployed for these settings, with Tempo's address changed."""
    stack = tenant_settings()
    return render(stack, checked_plan(stack)).gateway.replace(TEMPO_HOST, tempo)
