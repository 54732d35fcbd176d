"""Cases of the alerts that both majors of Tempo share."""

from collections.abc import Mapping

from plan.plan import Plan
from settings.stack import StackSettings
from tests.support.alert_cases.case import Case, Firing, Series, Story, counter, gauge, job

TENANT = {"tenant": "backstage"}


def _distributor(settings: StackSettings) -> dict[str, str]:
    return {"job": job(settings, "distributor"), "pod": "distributor-0"}


def _discarded(reason: str, fires: Firing) -> Case:
    """Return the case of a tenant of whose 10 000 spans a second a twentieth is discarded."""

    def case(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - cases share one signature
        labels = _distributor(settings) | TENANT
        discarded = counter("tempo_discarded_spans_total", 0, 30_000, **labels, reason=reason)
        received = counter("tempo_distributor_spans_received_total", 600_000, 600_000, **labels)
        return Story(series=(discarded, received), fires=(fires,))

    return case


def _near_limit(settings: StackSettings, plan: Plan) -> Story:
    limit = plan.ingestion.rate_limit_bytes * 60
    name, labels = "tempo_distributor_bytes_received_total", _distributor(settings) | TENANT
    # Each distributor has the whole limit, so two that each use half of it are quiet.
    other = labels | {"pod": "distributor-1"}
    series = (counter(name, limit * 0.5, limit * 0.9, **labels), counter(name, limit * 0.5, limit * 0.5, **other))
    return Story(series=series, fires=(Firing(labels=TENANT, summary="backstage uses 90% of its rate limit"),))


def _truncated(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    labels = _distributor(settings) | TENANT | {"scope": "span"}
    series = (counter("tempo_distributor_attributes_truncated_total", None, 1, **labels),)
    summary = "Tempo cut off 15 attributes of backstage"
    return Story(series=series, fires=(Firing(labels=TENANT, summary=summary),))


def _silent(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    labels = _distributor(settings) | TENANT
    return Story(
        series=(counter("tempo_distributor_spans_received_total", 600, 0, **labels),),
        fires=(
            Firing(
                labels=TENANT,
                summary="backstage sends no spans",
                description="It sent 10 spans a second an hour ago. Either its applications stopped, or their "
                "spans do not arrive.",
            ),
        ),
        healthy_minutes=120,
        fault_minutes=60,
        after_minutes=60,
    )


def _route(settings: StackSettings) -> dict[str, str]:
    frontend = {"job": job(settings, "query-frontend"), "pod": "query-frontend-0"}
    return {**frontend, "method": "GET", "route": "api_search", "ws": "false"}


def _slow(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    labels, name = {**_route(settings), "status_code": "200"}, "tempo_request_duration_seconds_bucket"
    # Pushes of spans take long without anybody waiting for an answer.
    others = labels | {"route": "/tempopb.Pusher/PushBytesV2"}
    series: list[Series] = []
    for limit in ("1", "10", "20", "+Inf"):
        late = limit in {"20", "+Inf"}
        series.append(counter(name, 60, 60 if late else 0, **labels, le=limit))
        series.append(counter(name, 60 if late else 0, 60 if late else 0, **others, le=limit))
    return Story(series=tuple(series), fires=(Firing(summary="Queries take 19.5s at the 95th percentile"),))


def _failing(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    labels, name = _route(settings), "tempo_request_duration_seconds_count"
    series = (
        counter(name, 90, 90, **labels, status_code="200"),
        counter(name, 0, 10, **labels, status_code="500"),
    )
    return Story(series=series, fires=(Firing(summary="10% of the queries fail"),))


def _overrides(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    labels = _distributor(settings) | {"config": "overrides"}
    series = (gauge("tempo_runtime_config_last_reload_successful", 1, 0, **labels),)
    summary = "distributor-0 cannot read the tenants' limits"
    return Story(series=series, fires=(Firing(labels=labels, summary=summary),))


def _ring(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    labels = _distributor(settings) | {"name": "ingester"}
    series = (
        gauge("tempo_ring_members", 0, 1, **labels, state="Unhealthy"),
        gauge("tempo_ring_members", 3, 2, **labels, state="ACTIVE"),
    )
    summary = "1 members of the ring ingester are unhealthy"
    return Story(series=series, fires=(Firing(labels={"name": "ingester"}, summary=summary),))


CASES: Mapping[str, Case] = {
    "TracingSpansDiscarded": _discarded(
        "trace_too_large",
        Firing(
            labels={**TENANT, "reason": "trace_too_large"}, summary="Tempo discards 5% of the spans of backstage"
        ),
    ),
    "TracingIngestionErrorsHigh": _discarded(
        "trace_too_large", Firing(summary="Tempo discards 500 spans a second")
    ),
    "TracingTenantRateLimited": _discarded(
        "rate_limited", Firing(labels=TENANT, summary="Tempo delays 500 spans a second of backstage")
    ),
    "TracingTenantNearRateLimit": _near_limit,
    "TracingAttributesTruncated": _truncated,
    "TracingTenantSilent": _silent,
    "TracingQueriesSlow": _slow,
    "TracingQueriesFailing": _failing,
    "TracingOverridesInvalid": _overrides,
    "TracingRingUnhealthy": _ring,
}
