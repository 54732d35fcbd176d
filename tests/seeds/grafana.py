"""Grafana that is sent elsewhere."""

from tests.seeds.seed import Added, Seed

_ELSEWHERE = Added(
    type="kubernetes:core/v1:ConfigMap",
    name="further-datasources",
    inputs={
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": "further-datasources",
            "namespace": "fawkes-observability",
            "labels": {"grafana_datasource": "1"},
        },
        "data": {
            "further.yaml": "datasources: [{name: Traces, type: tempo, url: 'http://tempo.monitoring.svc:3200'}]\n"
        },
    },
    like="tempo-config",
)

SEEDS = (
    Seed(
        name="a datasource asks another Tempo for the tenants' traces",
        rule="datasources-name-own-services",
        resource="further-datasources",
        says="is no port of a Service of this stack",
        added=(_ELSEWHERE,),
    ),
)
