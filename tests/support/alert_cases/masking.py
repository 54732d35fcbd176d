"""Cases of the alerts on masking."""

from collections.abc import Mapping

from plan.plan import Plan
from settings.stack import StackSettings
from tests.support.alert_cases.case import Case, Firing, Story, counter, job

POD = {"pod": "otel-gateway-0"}


def _labels(settings: StackSettings, processor: str) -> dict[str, str]:
    return {"job": job(settings, "otel-gateway"), "processor": processor, "otel_signal": "traces", **POD}


def _fails(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - cases share one signature
    failing, whole = _labels(settings, "transform/scrub"), _labels(settings, "redaction/tokens")
    return Story(
        series=(
            counter("otelcol_processor_incoming_items_total", 6000, 6000, **failing),
            counter("otelcol_processor_outgoing_items_total", 6000, 5400, **failing),
            counter("otelcol_processor_incoming_items_total", 6000, 5400, **whole),
            counter("otelcol_processor_outgoing_items_total", 6000, 5400, **whole),
        ),
        fires=(
            Firing(
                labels={"processor": "transform/scrub", **POD},
                summary="transform/scrub of otel-gateway-0 drops 10% of the spans",
            ),
        ),
    )


def _bypassed(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    batch = {"job": job(settings, "otel-gateway"), "processor": "batch", **POD}
    return Story(
        series=(
            counter("otelcol_processor_incoming_items_total", 600, None, **_labels(settings, "redaction/tokens")),
            counter("otelcol_processor_batch_batch_send_size_sum", 600, 600, **batch),
        ),
        fires=(Firing(labels=POD, summary="otel-gateway-0 passes 10 spans a second on without masking"),),
    )


CASES: Mapping[str, Case] = {"TracingMaskingFails": _fails, "TracingMaskingBypassed": _bypassed}
