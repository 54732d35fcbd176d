"""The bill, computed a second time from the requests and volumes of the objects that components register."""

from collections.abc import Iterator
from typing import Any

import pytest

from components.access.proxy import access_proxy
from components.collectors.collectors import collector_agent, collector_gateway
from components.storage.access import StoreAccess
from components.storage.trace_store import TraceStore
from components.synthetic.synthetic_check import synthetic_check
from components.tempo.server import tempo_server
from plan.cost.bill import monthly_cost
from plan.plan import make_plan
from settings.stack import StackSettings
from snapshot.program import record
from snapshot.recorder import Recorder
from tests.support.access import proxied
from tests.support.components import stack_of
from tests.support.stacks import config_of, settings_of

HOURS = 730


def objects_of(settings: StackSettings) -> Recorder:
    """Record the components of Tempo and of both collectors for these settings."""

    def build() -> None:
        stack = stack_of(settings)
        tempo_server("tempo", stack, TraceStore(bucket="traces", access=StoreAccess(), ready=[]))
        collector_gateway("gateway", stack)
        collector_agent("agent", stack)
        synthetic_check("synthetic-check", stack)

    return record(build, config_of("prod"), "prod")


def pods(objects: Recorder, nodes: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each workload's number of Pods (replicas, or one per node) and its spec."""
    for kind in ("StatefulSet", "Deployment", "DaemonSet"):
        for one in objects.of_type(kind):
            spec = one.inputs["spec"]
            yield nodes if kind == "DaemonSet" else int(spec["replicas"]), spec


def quantity(text: str) -> float:
    """Return a quantity in Kubernetes' notation as cores or GiB."""
    for suffix, factor in {"m": 0.001, "Mi": 1 / 1024, "Gi": 1.0}.items():
        if text.endswith(suffix):
            return float(text.removesuffix(suffix)) * factor
    return float(text)


@pytest.mark.parametrize(("stack", "nodes"), [("prod", 10), ("prod", 37), ("staging", 10)])
def test_the_bill_has_all_that_the_objects_ask_for(stack: str, nodes: int) -> None:
    """The bill is computed from the plan, and would miss a request that only a component sets."""
    settings = settings_of(stack, {"load.nodes": nodes})
    items = monthly_cost(settings, make_plan(settings)).items
    hourly = storage = 0.0
    for count, spec in pods(objects_of(settings), nodes):
        (container,) = spec["template"]["spec"]["containers"]
        requested = container["resources"]["requests"]
        hourly += count * (quantity(requested["cpu"]) * 0.04 + quantity(requested["memory"]) * 0.005)
        claims = [claim["spec"]["resources"]["requests"] for claim in spec.get("volumeClaimTemplates", [])]
        storage += count * sum(quantity(claim["storage"]) for claim in claims)
    assert sum(item.usd for item in items if item.name.startswith("Pods,")) == pytest.approx(hourly * HOURS)
    assert sum(item.usd for item in items if item.name.startswith("volumes,")) == pytest.approx(storage * 0.088)


def test_the_bill_has_both_containers_of_the_access_proxy() -> None:
    settings = settings_of("prod", proxied())
    objects = record(lambda: access_proxy("access", stack_of(settings)), config_of("prod"), "prod")
    ((count, spec),) = pods(objects, 0)
    hourly = sum(
        count * (quantity(requested["cpu"]) * 0.04 + quantity(requested["memory"]) * 0.005)
        for requested in (one["resources"]["requests"] for one in spec["template"]["spec"]["containers"])
    )
    billed = [
        item.usd for item in monthly_cost(settings, make_plan(settings)).items if "access proxy" in item.name
    ]
    assert len(billed) == 2
    assert sum(billed) == pytest.approx(hourly * HOURS)
