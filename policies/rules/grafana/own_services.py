"""Datasources of traces lead to this stack."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from policies.objects import labels, name, namespace
from policies.property import Property
from policies.resources import Resource, Stack
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.unjudged import UnjudgedError

_SERVICE = "kubernetes:core/v1:Service"
_OF_THE_OPERATOR = "kubernetes:grafana.integreatly.org/v1beta1:GrafanaDatasource"
# Where the sidecar reads files from, by the field that has them as text.
_FILES = {"kubernetes:core/v1:Secret": "stringData", "kubernetes:core/v1:ConfigMap": "data"}
_LABEL = "grafana_datasource"
_PLUGIN = "tempo"
# `name.namespace.svc`.
_PARTS = 3


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each datasource of Tempo whose URL is no port of a Service of this stack."""
    ports = {
        (name(each), namespace(each), int(port["port"].number()))
        for each in stack.of_type(_SERVICE)
        for port in each["spec"]["ports"].items()
    }
    for resource in stack.of_type(_OF_THE_OPERATOR, *_FILES):
        for datasource in _datasources(resource):
            if datasource["type"].text() == _PLUGIN and not _leads_to(datasource["url"].text(), ports):
                yield Violation(resource, f"{datasource['url'].path} is no port of a Service of this stack.")


def _datasources(resource: Resource) -> Iterator[Property]:
    if resource.type == _OF_THE_OPERATOR:
        yield resource["spec"]["datasource"]
    elif _LABEL in labels(resource["metadata"]):
        files = resource[_FILES[resource.type]]
        # A recording of the program shows one text for all that is secret; Kubernetes takes none here.
        for file in () if isinstance(files.value, str) else files.fields().values():
            document = file.yaml()
            # Grafana takes nothing from a file that is no mapping.
            if isinstance(document.value, dict):
                yield from document["datasources"].items()


def _leads_to(url: str, ports: set[tuple[str, str, int]]) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        # No cause: its message may quote the URL.
        raise UnjudgedError("the URL of a datasource is malformed") from None
    host = (parts.hostname or "").split(".")
    in_cluster = len(host) >= _PARTS and host[_PARTS - 1] == "svc"
    # The plugin asks below the URL, and its gRPC client knows no path.
    return in_cluster and parts.path in {"", "/"} and (host[0], host[1], port) in ports


RULE = StackRule(
    name="datasources-name-own-services",
    promise="Grafana asks this stack for its traces, and sends nobody else the tenants that it asks for.",
    severity=Severity.HIGH,
    to_do="Set the URL to http://SERVICE.NAMESPACE.svc:PORT of Tempo's query frontend or of a proxy before it.",
    check=check,
)
