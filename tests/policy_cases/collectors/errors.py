from typing import Any

from tests.support.collector_given import collector_config, pipeline, policies
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.stacks import merge
from tests.support.tempo_given import config_map

_ERRORS = {"name": "errors", "type": "status_code", "status_code": {"status_codes": ["ERROR"]}}
_BASELINE = {"name": "baseline", "type": "probabilistic", "probabilistic": {"sampling_percentage": 10}}


def _named(kind: str, **settings: Any) -> dict[str, Any]:
    return {"name": "other", "type": kind, kind: settings}


def _not(policy: dict[str, Any]) -> dict[str, Any]:
    return {"name": "not", "type": "not", "not": {"not_sub_policy": policy}}


def _limit(spans_per_second: int) -> dict[str, Any]:
    return {"name": "limit", "type": "rate_limiting", "rate_limiting": {"spans_per_second": spans_per_second}}


def _with_drop(*parts: dict[str, Any]) -> Given:
    return collector_config(policies(_ERRORS, _named("drop", drop_sub_policy=[*parts])))


def _with_filter(condition: str) -> Given:
    document = {"processors": {"filter": {"trace_conditions": [condition]}}}
    return collector_config(merge(document, pipeline(processors=["filter"])))


def _filtered(condition: str) -> Case:
    return Case([_with_filter(condition)], says=["filter in collector.yaml drops spans with errors"])


_KEPT_AS_ERROR = 'scope.attributes["tailsampling.policy"] != "errors"'
_FILTER = {"processors": {"filter": {"traces": {"span": ["status.code == 2"]}}}}

CASES = Cases(
    passes=Case([collector_config()]),
    fails=Case(
        [collector_config(policies(_BASELINE))],
        says=["No policy of tail_sampling in collector.yaml keeps every trace with the status ERROR"],
    ),
    missing=Case([collector_config({"processors": {"tail_sampling": {"policies": None}}})], says=["No policy of"]),
    unknown=Case([config_map("config", "collector.yaml", UNKNOWN)], says=["data.collector.yaml is not known"]),
    more={
        "errors only if slow": Case(
            [collector_config(policies(_named("and", and_sub_policy=[_ERRORS]), _BASELINE))], says=["No policy of"]
        ),
        "errors within a budget": Case(
            [collector_config(policies(_named("composite", composite_sub_policy=[_ERRORS])))],
            says=["No policy of"],
        ),
        "a veto": Case(
            [collector_config(policies(_ERRORS, _named("drop", drop_sub_policy=[_BASELINE])))],
            says=["Policy other of tail_sampling in collector.yaml drops traces with errors, too"],
        ),
        "a veto that spares errors": Case([_with_drop(_BASELINE, _not(_ERRORS))]),
        "a veto that spares something else": Case([_with_drop(_not(_BASELINE))], says=["Policy other of"]),
        "a veto above a rate": Case([_with_drop(_not(_limit(500)))]),
        "a veto above nearly nothing": Case([_with_drop(_not(_limit(9)))], says=["Policy other of"]),
        "a veto below a rate": Case([_with_drop(_limit(500))], says=["Policy other of"]),
        "an inverted match": Case(
            [collector_config(policies(_ERRORS, _named("string_attribute", key="a", invert_match=True)))],
            says=["Policy other of"],
        ),
        "everything": Case([collector_config(policies({"name": "all", "type": "always_sample"}))]),
        "by the id alone": Case(
            [collector_config(pipeline(processors=["probabilistic_sampler"]))],
            says=["probabilistic_sampler in collector.yaml samples by the trace's id alone"],
        ),
        "what the policy of errors kept": Case(
            [_with_filter(_KEPT_AS_ERROR)],
        ),
        "what another policy kept": _filtered('scope.attributes["tailsampling.policy"] != "baseline"'),
        "errors that an earlier policy may have kept": Case(
            [
                collector_config(
                    merge(
                        policies(_BASELINE, _ERRORS),
                        merge(
                            {"processors": {"filter": {"trace_conditions": [_KEPT_AS_ERROR]}}},
                            pipeline(processors=["tail_sampling", "filter"]),
                        ),
                    )
                )
            ],
            says=["filter in collector.yaml drops spans with errors"],
        ),
        "a filter": Case(
            [collector_config(merge(_FILTER, pipeline(processors=["filter"])))],
            says=["filter in collector.yaml drops spans with errors"],
        ),
        "a filter of everything": _filtered("true"),
        "a filter by name": _filtered('name == "/login"'),
        "a filter by another attribute beside the namespace": _filtered(
            'resource.attributes["k8s.namespace.name"] == "shop" or attributes["a"] != nil'
        ),
        "a filter by namespace": Case([_with_filter('resource.attributes["k8s.namespace.name"] != "shop"')]),
        "a filter of what is no error": Case(
            [_with_filter('attributes["http.route"] == "/healthz" and status.code != STATUS_CODE_ERROR')]
        ),
        "a filter of what is no error, or something else": _filtered('status.code != 2 or name == "/login"'),
        "alternatives without spaces": _filtered('status.code != 2 and kind == 1 or(name == "/login")'),
        "a filter of what Tempo refuses": Case(
            [_with_filter(f"span.trace_id == TraceID(0x{'0' * 32}) or span.span_id == SpanID(0x{'0' * 16})")]
        ),
        "a filter of one trace": _filtered(f"span.trace_id == TraceID(0x{'0' * 31}1)"),
        "a filter that no pipeline has": Case([collector_config(_FILTER)]),
    },
)
