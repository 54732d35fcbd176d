"""Cases of the alerts on sampling."""

from collections.abc import Mapping

from plan.plan import Plan
from settings.stack import StackSettings
from tests.support.alert_cases.case import Case, Firing, Story, counter, gauge, job

POD = {"pod": "otel-gateway-0"}
_PREFIX = "otelcol_processor_tail_sampling"


def _labels(settings: StackSettings) -> dict[str, str]:
    return {"job": job(settings, "otel-gateway"), **POD}


def _counted(name: str, summary: str) -> Case:
    def case(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - cases share one signature
        series = (counter(f"{_PREFIX}_{name}", 0, 2, **_labels(settings)),)
        return Story(series=series, fires=(Firing(labels=POD, summary=summary),))

    return case


def _given_up(given_by: str, summary: str, **labels: str) -> Case:
    """Return the case of a level of the ceiling above which traces are given up."""

    def case(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
        own = {**_labels(settings), "decision": "dropped", "sampled": "false", "policy": given_by}
        series = (counter(f"{_PREFIX}_count_traces_sampled_total", 0, 2, **own),)
        return Story(series=series, fires=(Firing(labels=POD | labels, summary=summary),))

    return case


def _in_flight(settings: StackSettings, plan: Plan) -> Story:
    labels, room = _labels(settings), plan.gateway.traces_in_flight
    series = (gauge(f"{_PREFIX}_sampling_traces_on_memory", room / 2, room * 0.9, **labels),)
    summary = "otel-gateway-0 holds 90% of the traces that it is planned for"
    return Story(series=series, fires=(Firing(labels=labels, summary=summary),))


def _slow(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    name = f"{_PREFIX}_sampling_decision_timer_latency_milliseconds_bucket"
    series = tuple(
        counter(name, 60, 60 if limit in {"2000", "+Inf"} else 0, **_labels(settings), le=limit)
        for limit in ("500", "1000", "2000", "+Inf")
    )
    return Story(series=series, fires=(Firing(labels=POD, summary="Decisions of otel-gateway-0 take 1.99k ms"),))


def _shares(kept: float, summary: str) -> Case:
    """Return the case of a share that is kept during the fault; before and after it is the plan's."""

    def case(settings: StackSettings, plan: Plan) -> Story:
        name, labels, planned = f"{_PREFIX}_global_count_traces_sampled_total", _labels(settings), 6000
        usual = round(plan.traffic.kept_share * planned)
        faulty = round(kept * planned)
        return Story(
            series=(
                counter(name, usual, faulty, **labels, decision="sampled", sampled="true"),
                counter(
                    name, planned - usual, planned - faulty, **labels, decision="not_sampled", sampled="false"
                ),
            ),
            fires=(Firing(summary=summary),),
            fault_minutes=180,
            after_minutes=120,
        )

    return case


CASES: Mapping[str, Case] = {
    "TracingTracesDroppedTooEarly": _counted(
        "sampling_trace_dropped_too_early_total", "otel-gateway-0 gave up 30 traces before it decided on them"
    ),
    "TracingCeilingReached": _given_up(
        "ceiling-slow", "otel-gateway-0 gave up 30 traces by ceiling-slow", policy="ceiling-slow"
    ),
    "TracingFailedTracesGivenUp": _given_up(
        "ceiling-failed", "otel-gateway-0 gave up 30 traces above its ceiling, failed ones too"
    ),
    "TracingPolicyErrors": _counted(
        "sampling_policy_evaluation_error_total", "Sampling policies failed 30 times in otel-gateway-0"
    ),
    "TracingManyTracesInFlight": _in_flight,
    "TracingDecisionsSlow": _slow,
    "TracingKeepsTooLittle": _shares(0.01, "1% of the traces are kept"),
    "TracingKeepsTooMuch": _shares(0.99, "99% of the traces are kept"),
}
