from typing import Any

import yaml

from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given, secret
from tests.support.policy_objects import NAMESPACE, SERVICE

_URL = f"http://tempo.{NAMESPACE}.svc:3200"
_LABELS = {"grafana_datasource": "1"}


def _secret(*datasources: dict[str, Any], labels: dict[str, str] = _LABELS) -> Given:
    text = yaml.safe_dump({"apiVersion": 1, "datasources": list(datasources)})
    return _file({"a.yaml": secret(text)}, labels)


def _file(files: object, labels: dict[str, str] = _LABELS) -> Given:
    metadata = {"name": "datasources", "namespace": NAMESPACE, "labels": labels}
    return Given("kubernetes:core/v1:Secret", "datasources", {"metadata": metadata, "stringData": files})


def _tempo(url: str = _URL) -> dict[str, Any]:
    return {"name": "Tempo", "type": "tempo", "url": url}


def _object(**datasource: Any) -> Given:
    inputs = {"metadata": {"name": "one"}, "spec": {"datasource": datasource}}
    return Given("kubernetes:grafana.integreatly.org/v1beta1:GrafanaDatasource", "one", inputs)


def _refused(*datasources: dict[str, Any]) -> Case:
    return Case([SERVICE, _secret(*datasources)], says=["is no port of a Service of this stack"])


CASES = Cases(
    passes=Case([SERVICE, _secret(_tempo(), {"type": "loki", "url": "http://loki.logging.svc:3100"})]),
    fails=_refused(_tempo("http://tempo.monitoring.svc:3200")),
    missing=Case([SERVICE, _secret({"type": "tempo"})], says=["url is missing"]),
    unknown=Case([SERVICE, _file({"a.yaml": UNKNOWN})], says=["is not known before the update"]),
    more={
        "another host": _refused(_tempo("https://traces.example.com")),
        "another port": _refused(_tempo(f"http://tempo.{NAMESPACE}.svc:3100")),
        "a path": _refused(_tempo(f"{_URL}/tempo")),
        "no port": _refused(_tempo(f"http://tempo.{NAMESPACE}.svc")),
        "the cluster's domain": Case(
            [SERVICE, _secret(_tempo(f"http://tempo.{NAMESPACE}.svc.cluster.local:3200"))]
        ),
        "a port that is none": Case(
            [SERVICE, _secret(_tempo("http://tempo:http"))], says=["the URL of a datasource is malformed"]
        ),
        "a Secret for others": Case([SERVICE, _secret(_tempo("http://elsewhere"), labels={})]),
        "an object of the operator": Case([SERVICE, _object(**_tempo())]),
        "a foreign object of the operator": Case(
            [SERVICE, _object(**_tempo("http://other.svc:3200"))],
            says=["spec.datasource.url is no port of a Service"],
        ),
        "a file that is no mapping": Case([SERVICE, _file({"a.yaml": "[]"})]),
        "a recording": Case([SERVICE, _file("[secret]")]),
        "files that are unknown": Case([SERVICE, _file(UNKNOWN)], says=["stringData is not known"]),
    },
)
