"""Large spans through the rendered gateway: a receiver rejects a message over its limit permanently."""

import secrets
from pathlib import Path

import pytest

from tests.support.waiting import eventually
from tests.tools.loopback import GATEWAY, TEMPO, collector, recorder
from tests.tools.spans import failed_trace
from tests.tools.tenants import gateway_config

pytestmark = pytest.mark.tools

# A stack trace or a query plan in each of 4 500 spans: 18 MiB, more than Tempo accepts in one message.
_SPANS, _SPAN_BYTES = 4500, 4096
# The decision wait, a batch, and what a busy machine takes for so much.
_DELIVERED_SECONDS = 90.0


def test_a_trace_of_several_megabytes_arrives_whole_in_both_tiers(tmp_path: Path) -> None:
    """Many requests of one trace, and a request to which an agent added names, may reach the sampler at once."""
    trace = failed_trace(secrets.token_bytes(16), _SPANS, _SPAN_BYTES, namespace="team-a")
    with recorder(TEMPO) as tempo, collector(tmp_path, gateway_config(), GATEWAY, {}) as gateway:

        def arrived() -> set[tuple[str, bytes]]:
            # A gateway whose request timed out sends it again.
            return {(tenant, span.span_id) for tenant, _, span in tempo.spans()}

        gateway.Export(trace, timeout=20)
        eventually(lambda: len(arrived()) == 2 * _SPANS, "every span arrives in both tiers", _DELIVERED_SECONDS)
        tenants = {tenant for tenant, _ in arrived()}
    assert tenants == {"team-a", "team-a-long-term"}
