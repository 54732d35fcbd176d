"""Cases of the alerts on restarts and memory."""

from collections.abc import Mapping

from plan.plan import Plan
from settings.stack import StackSettings
from tests.support.alert_cases.case import Case, Firing, Story, counter, gauge, job

_MIB = 1024 * 1024


def _restarting(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - cases share one signature
    """Tempo starts anew every minute; a gateway goes on."""
    tempo = {"job": job(settings, "distributor"), "pod": "tempo-0"}
    gateway = {"job": job(settings, "otel-gateway"), "pod": "otel-gateway-0"}
    return Story(
        series=(
            # A start time that changes every minute.
            counter("process_start_time_seconds", 0, 60, **tempo),
            counter("otelcol_process_uptime_seconds_total", 60, 60, **gateway),
        ),
        fires=(Firing(labels=tempo, summary="tempo-0 started 29 times in half an hour"),),
    )


def _memory(settings: StackSettings, plan: Plan) -> Story:
    labels = {"job": job(settings, "otel-gateway"), "pod": "otel-gateway-0"}
    limit = plan.gateway.memory_limit_mib * _MIB
    return Story(
        series=(gauge("otelcol_process_memory_rss_bytes", limit / 2, limit * 0.95, **labels),),
        fires=(Firing(labels=labels, summary="otel-gateway-0 uses 95% of its memory limit"),),
    )


CASES: Mapping[str, Case] = {"TracingProcessRestarting": _restarting, "TracingMemoryNearLimit": _memory}
