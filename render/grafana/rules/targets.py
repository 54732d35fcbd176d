"""Alerts on processes that do not answer Prometheus, against the plan's replicas."""

from collections.abc import Iterator

from plan.plan import Plan
from render.grafana import jobs
from render.grafana.rules.rule import Alert, Group
from render.names import TEMPO
from settings.stack import StackSettings


def targets(settings: StackSettings, plan: Plan) -> Group:
    """Return the group."""
    return Group(name="tracing-targets", rules=(*_agents(settings), *_gateways(settings), *_tempo(settings, plan)))


def _agents(settings: StackSettings) -> Iterator[Alert]:
    up = f"up{{{jobs.agents(settings)}}}"
    yield Alert(
        name="TracingAgentDown",
        expr=f"{up} == 0",
        for_seconds=300,
        severity="critical",
        summary="{{ $labels.pod }} does not answer",
        description="Applications on its node cannot send spans, and lose those that they cannot keep.",
        runbook="targets.md#tracingagentdown",
    )
    yield Alert(
        name="TracingAgentsMissing",
        expr=f"absent({up})",
        for_seconds=600,
        severity="critical",
        summary="Prometheus finds no agent",
        description="Either no agent runs, and all spans are lost, or nobody watches them: no alert on agents can "
        "fire.",
        runbook="targets.md#tracingagentsmissing",
    )


def _gateways(settings: StackSettings) -> Iterator[Alert]:
    replicas = settings.collectors.gateway.replicas
    running = f"(sum(up{{{jobs.gateways(settings)}}}) or vector(0))"
    yield Alert(
        name="TracingGatewaysDown",
        expr=f"{running} == 0",
        for_seconds=300,
        severity="critical",
        summary="No gateway answers",
        description="No trace reaches Tempo. Agents keep spans on disk until their queues are full, then "
        "refuse them.",
        runbook="targets.md#tracinggatewaysdown",
    )
    if replicas > 1:
        yield Alert(
            name="TracingGatewayMissing",
            expr=f"{running} > 0 < {replicas}",
            for_seconds=600,
            severity="warning",
            summary=f"{{{{ $value }}}} of {replicas} gateways answer",
            description="The others sample all traces. What the missing gateway has on disk arrives only "
            "when it runs "
            "again; traces that it had not decided are incomplete.",
            runbook="targets.md#tracinggatewaymissing",
        )


def _tempo(settings: StackSettings, plan: Plan) -> Iterator[Alert]:
    replicas = {one.target: one.replicas for one in plan.tempo} or {TEMPO: 1}
    running = {target: _running(settings, target) for target in replicas}
    yield Alert(
        name="TracingTempoDown",
        expr="\nor\n".join(f"{found} == 0" for found in running.values()),
        for_seconds=300,
        severity="critical",
        summary="No {{ $labels.component }} of Tempo answers",
        description="Spans wait in the gateways' queues, or queries fail: the runbook says which, by component.",
        runbook="targets.md#tracingtempodown",
    )
    missing = [f"{running[target]} > 0 < {planned}" for target, planned in replicas.items() if planned > 1]
    if missing:
        yield Alert(
            name="TracingTempoReplicaMissing",
            expr="\nor\n".join(missing),
            for_seconds=900,
            severity="warning",
            summary="Only {{ $value }} of the planned {{ $labels.component }}s of Tempo answer",
            description="Nothing is lost yet. One more failure may stop writing or reading.",
            runbook="targets.md#tracingtemporeplicamissing",
        )


def _running(settings: StackSettings, target: str) -> str:
    """Return how many Pods of a component answer, 0 if Prometheus finds none, with the label `component`."""
    job = jobs.tempo(settings, target)
    return f'label_replace(sum(up{{{job}}}) or vector(0), "component", "{target}", "", "")'
