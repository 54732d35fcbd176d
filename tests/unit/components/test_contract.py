"""The contract of every component, each built alone: children, outputs, and options that stay with it."""

from collections import Counter
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pulumi
import pytest

import components
from components.certificates.certificates import Certificates
from components.grafana.dashboards import Dashboards
from components.grafana.datasources import Datasources
from components.grafana.managed_alerts import ManagedAlerts
from components.grafana.operator_dashboards import OperatorDashboards
from components.grafana.operator_datasources import OperatorDatasources
from components.grafana.prometheus_rules import PrometheusRules
from components.network.policies import NetworkPolicies
from components.storage.bucket_setup import BucketSetup
from snapshot.program import record
from snapshot.recorder import Recorder, Registration
from tests.support.components import CASES, NAMESPACE, Case

CLUSTER_WIDE = {"Namespace", "ClusterRole", "ClusterRoleBinding", "PriorityClass"}
# Nobody refers to what they create.
WITHOUT_OUTPUTS = {
    BucketSetup,
    Certificates,
    Dashboards,
    Datasources,
    ManagedAlerts,
    NetworkPolicies,
    OperatorDashboards,
    OperatorDatasources,
    PrometheusRules,
}
every_component = pytest.mark.parametrize("case", CASES, ids=[case.component.__name__ for case in CASES])


def alone(case: Case, opts: pulumi.ResourceOptions | None = None) -> Recorder:
    """Record one component by itself, called `it`."""
    return record(lambda: case.build(opts), {}, "test")


def children(recorder: Recorder) -> list[Registration]:
    """Return the component's children at any depth; fail if there are none."""
    found = [one for one in recorder.registrations if one.name.startswith("it-")]
    assert found
    return found


def test_every_component_there_is_has_a_case() -> None:
    """The other tests of this file cover only components that have a case."""
    modules = [import_module(found.name) for found in walk_packages(components.__path__, "components.")]
    defined = {
        member
        for module in modules
        for member in vars(module).values()
        if isinstance(member, type)
        and issubclass(member, pulumi.ComponentResource)
        and member.__module__ == module.__name__
    }
    assert defined
    assert Counter(case.component for case in CASES) == Counter(defined)


@every_component
def test_a_component_registers_its_outputs(case: Case) -> None:
    """Registered outputs are in the state; attributes exist only while the program runs."""
    recorder = alone(case)
    assert recorder.outputs[recorder.one("it").urn] == case.outputs


@every_component
def test_what_a_caller_is_given_is_what_is_registered(case: Case) -> None:
    """They have the same names; an output that no caller uses is only registered, to be seen in the state."""
    given: dict[str, Any] = {}

    def program() -> None:
        component = case.build()
        names = [name for name in case.outputs if hasattr(component, name)]
        pulumi.Output.all(**{name: getattr(component, name) for name in names}).apply(given.update)

    record(program, {}, "test")
    assert given == {name: value for name, value in case.outputs.items() if name in given}
    assert given or case.component in WITHOUT_OUTPUTS


@every_component
def test_every_child_belongs_to_its_component_and_is_named_after_it(case: Case) -> None:
    """Otherwise two instances of a component would claim the same resource name."""
    recorder = alone(case)
    by_urn = {found.urn: found for found in recorder.registrations}
    for child in children(recorder):
        parent = by_urn[child.parent]
        assert child.name.startswith(f"{parent.name}-")
        assert parent.type.startswith("fawkes:tracing:")


@every_component
def test_a_callers_options_stay_with_the_component(case: Case) -> None:
    """An alias of the component, passed on, would claim the former name of every child."""
    opts = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="before")], retain_on_delete=True)
    recorder = alone(case, opts)
    # The Kubernetes SDK gives some kinds aliases of its own, for their earlier API versions.
    usual = {child.name: (child.aliases, child.retain_on_delete) for child in children(alone(case))}
    assert recorder.one("it").aliases == 1
    assert {child.name: (child.aliases, child.retain_on_delete) for child in children(recorder)} == usual


@every_component
def test_everything_namespaced_is_in_the_namespace_it_was_given(case: Case) -> None:
    """An object without a namespace goes to the one of the operator's kubeconfig."""
    for found in children(alone(case)):
        if found.type.startswith("kubernetes:") and found.type.rpartition(":")[2] not in CLUSTER_WIDE:
            assert found.inputs["metadata"]["namespace"] == NAMESPACE, found.name
