"""Cases of the alerts on processes that do not answer."""

from collections.abc import Mapping

from plan.plan import Plan
from settings.stack import StackSettings
from tests.support.alert_cases.case import Case, Firing, Series, Story, gauge, job


def _agent_down(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - cases share one signature
    labels = {"job": job(settings, "otel-agent"), "pod": "otel-agent-b", "instance": "10.0.0.2:8888"}
    others = {**labels, "pod": "otel-agent-a", "instance": "10.0.0.1:8888"}
    return Story(
        series=(gauge("up", 1, 0, **labels), gauge("up", 1, 1, **others)),
        fires=(Firing(labels=labels, summary="otel-agent-b does not answer"),),
    )


def _agents_missing(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    labels = {"job": job(settings, "otel-agent"), "pod": "otel-agent-b"}
    return Story(
        series=(gauge("up", 1, None, **labels),),
        fires=(Firing(labels={"job": labels["job"]}, summary="Prometheus finds no agent"),),
    )


def _pods(settings: StackSettings, target: str, replicas: int, faulty: int) -> tuple[Series, ...]:
    """Return `up` of all replicas, of which so many are down during the fault: 0, or not scraped at all."""
    return tuple(
        gauge(
            "up",
            1,
            1 if number >= faulty else None if number % 2 else 0,
            job=job(settings, target),
            pod=f"{number}",
        )
        for number in range(replicas)
    )


def _gateways_down(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    replicas = settings.collectors.gateway.replicas
    series = _pods(settings, "otel-gateway", replicas, replicas)
    return Story(series=series, fires=(Firing(summary="No gateway answers"),))


def _gateway_missing(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    replicas = settings.collectors.gateway.replicas
    summary = f"{replicas - 1} of {replicas} gateways answer"
    return Story(series=_pods(settings, "otel-gateway", replicas, 1), fires=(Firing(summary=summary),))


def _planned(plan: Plan) -> dict[str, int]:
    return {one.target: one.replicas for one in plan.tempo} or {"tempo": 1}


def _tempo_down(settings: StackSettings, plan: Plan) -> Story:
    planned = _planned(plan)
    down = next(iter(planned))
    series = [
        one for name, count in planned.items() for one in _pods(settings, name, count, count * (name == down))
    ]
    fires = Firing(labels={"component": down}, summary=f"No {down} of Tempo answers")
    return Story(series=tuple(series), fires=(fires,))


def _replica_missing(settings: StackSettings, plan: Plan) -> Story:
    planned = _planned(plan)
    one_of = next(name for name, count in planned.items() if count > 1)
    series = [one for name, count in planned.items() for one in _pods(settings, name, count, name == one_of)]
    summary = f"Only {planned[one_of] - 1} of the planned {one_of}s of Tempo answer"
    return Story(series=tuple(series), fires=(Firing(labels={"component": one_of}, summary=summary),))


CASES: Mapping[str, Case] = {
    "TracingAgentDown": _agent_down,
    "TracingAgentsMissing": _agents_missing,
    "TracingGatewaysDown": _gateways_down,
    "TracingGatewayMissing": _gateway_missing,
    "TracingTempoDown": _tempo_down,
    "TracingTempoReplicaMissing": _replica_missing,
}
