"""Kubernetes says whose a span is, not its sender."""

import re
from collections.abc import Iterator

from policies.collector_config import TENANT_HEADER, Way, collector_files, kind_of, literal, ways
from policies.collectors import Collector, collectors, hosts_of_collectors
from policies.config_maps import CONFIG_MAP
from policies.property import Property
from policies.regexes import compiled
from policies.resources import Stack
from policies.rule import Bounds, Severity, StackRule, Violation

# By these the processor finds a Pod unless told otherwise.
_DEFAULT_CLAIMS = ("k8s.pod.ip", "k8s.pod.uid")
_ATTRIBUTE = re.compile(r'(?:resource\.)?attributes\["(k8s\.[\w.]+)"\]')


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each place where a sender could choose its tenant.

    Tenants are chosen by attributes of resources in filters and routes. The collector that spans enter by has to
    delete these, and then to set them from the connection.
    """
    yield from _headers_of_senders(stack)
    found = collectors(stack)
    deciding = sorted({name for one in found for name in _deciding(one)})
    targets = {one.target(name) for one in found for name in one.document["exporters"].fields()}
    for collector in found:
        if not hosts_of_collectors(stack, [collector]) & targets:
            for way in ways(collector.document):
                for attribute in deciding:
                    yield from _trusting(collector, way, attribute)


def _headers_of_senders(stack: Stack) -> Iterator[Violation]:
    """Yield each extension that copies the tenant from a request."""
    for config_map in stack.of_type(CONFIG_MAP):
        for file in collector_files(config_map):
            for name, extension in file.document["extensions"].fields().items():
                for header in extension["headers"].items() if kind_of(name) == "headerssetter" else ():
                    copied = [key for key in ("from_context", "from_attribute") if not header[key].is_missing]
                    if copied and header["key"].text("").lower() == TENANT_HEADER:
                        yield Violation(
                            config_map, f"{name} in {file.name} copies the tenant from the sender ({copied[0]})."
                        )


def _deciding(collector: Collector) -> Iterator[str]:
    """Yield the attributes by which filters and routing connectors choose a tenant."""
    for name, processor in collector.document["processors"].fields().items():
        if kind_of(name) == "filter":
            for condition in [*processor["trace_conditions"].texts(), *processor["traces"]["span"].texts()]:
                yield from _ATTRIBUTE.findall(condition)
    for name, connector in collector.document["connectors"].fields().items():
        if kind_of(name) == "routing":
            for row in connector["table"].items():
                yield from _ATTRIBUTE.findall(row["condition"].text("") + row["statement"].text(""))


def _trusting(collector: Collector, way: Way, attribute: str) -> Iterator[Violation]:
    where = f"{attribute}, which decides the tenant, in {collector.file.name}"
    processors = [(name, collector.document["processors"][name]) for name in way.processors]
    setters = [place for place, (name, one) in enumerate(processors) if _sets(name, one, attribute)]
    if not setters:
        yield Violation(collector.config_map, f"No k8s_attributes processor sets {where}.")
        return
    before = processors[: setters[0]]
    if not any(_deletes(name, one, attribute) for name, one in before):
        yield Violation(collector.config_map, f"Nothing deletes the sender's {where}, before it is set.")
    for source in _claims(processors[setters[0]][1]):
        if not any(_deletes(name, one, source) for name, one in before):
            yield Violation(collector.config_map, f"The sender's {source} chooses the Pod, and so {where}.")


def _sets(name: str, processor: Property, attribute: str) -> bool:
    return kind_of(name) == "k8sattributes" and attribute in processor["extract"]["metadata"].texts()


def _claims(processor: Property) -> Iterator[str]:
    """Yield the attributes of the sender by which the processor finds the Pod."""
    if not processor["pod_association"].items():
        yield from _DEFAULT_CLAIMS
    for association in processor["pod_association"].items():
        for source in association["sources"].items():
            if source["from"].text("") == "resource_attribute":
                yield source["name"].text("")


def _deletes(name: str, processor: Property, attribute: str) -> bool:
    """Return whether a processor deletes every attribute of a name.

    By pattern: a hostile sender can send a name twice, and deletion by key removes one of the two.
    """
    patterns = [
        action["pattern"]
        for action in processor["attributes"].items()
        if kind_of(name) == "resource"
        and action["action"].text("") == "delete"
        and not action["pattern"].is_missing
    ]
    return any(compiled(Property(literal(one.text()), one.path)).search(attribute) for one in patterns)


RULE = StackRule(
    name="collectors-take-tenants-from-kubernetes",
    promise="Nobody can write into another tenant, whatever attributes and headers they send.",
    severity=Severity.CRITICAL,
    to_do="Delete the attribute by pattern in a resource processor before k8s_attributes, which finds the Pod by "
    "its connection, and write fixed tenants into the exporters' headers.",
    check=check,
)
