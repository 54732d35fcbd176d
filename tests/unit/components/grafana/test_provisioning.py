"""How dashboards and datasources reach Grafana: for the sidecar, for the operator, or not at all."""

from collections.abc import Iterator
from typing import Any

import pytest

from render.grafana import uids
from render.grafana.datasources import datasources
from snapshot.program import record_program
from snapshot.recorder import SECRET, Recorder, Registration
from tests.support.programs import recorded
from tests.support.stacks import STACKS, as_config, sections, settings_of


def changed(stack: str, **grafana: Any) -> Recorder:
    """Return the record of a stack with settings of Grafana changed."""
    changes = {f"grafana.{name}": value for name, value in grafana.items()}
    return record_program(as_config(sections(stack, changes)), stack)


def of_grafana(recorder: Recorder) -> Iterator[Registration]:
    """Yield the objects that Grafana's sidecar or operator looks for."""
    for one in recorder.registrations:
        labelled = {"grafana_dashboard", "grafana_datasource"} & set(
            one.inputs.get("metadata", {}).get("labels", {})
        )
        if labelled or "grafana.integreatly.org" in one.type:
            yield one


def provisioned(by: str, stack: str = "prod") -> list[Registration]:
    """Return what a stack gives to Grafana in one of the ways."""
    return [*of_grafana(changed(stack, provisioning=by))]


def kinds(found: list[Registration]) -> set[str]:
    """Return the kinds of objects."""
    return {one.type.rpartition(":")[2] for one in found}


@pytest.mark.parametrize("stack", STACKS)
def test_the_sidecar_finds_a_config_map_for_each_dashboard_and_one_secret(stack: str) -> None:
    found = [*of_grafana(recorded(stack))]
    (secret,) = [one for one in found if one.type == "kubernetes:core/v1:Secret"]
    assert secret.inputs["metadata"]["labels"]["grafana_datasource"] == "1"
    boards = [one.inputs for one in found if one.type == "kubernetes:core/v1:ConfigMap"]
    assert len(boards) == len(found) - 1 > 0
    assert all(one["metadata"]["labels"]["grafana_dashboard"] == "1" for one in boards)
    assert {one["metadata"]["annotations"]["grafana_folder"] for one in boards} == {"Tracing"}
    files = [file for one in boards for file in one["data"]]
    assert len(set(files)) == len(files)
    assert all(file.startswith("tracing-") for file in files)


def test_what_is_in_the_secret_is_secret_in_the_state() -> None:
    (secret,) = [one for one in of_grafana(recorded("prod")) if one.type == "kubernetes:core/v1:Secret"]
    assert secret.inputs["stringData"] == SECRET


def test_the_secret_is_changed_in_place() -> None:
    """Otherwise the plugin deletes it first, and Grafana forgets its datasources for a while."""
    assert recorded("prod").one("kubernetes").inputs["enableSecretMutable"] == "true"


def test_the_operator_gets_an_object_for_each_dashboard_and_datasource() -> None:
    found = provisioned("operator")
    assert kinds(found) == {"GrafanaDashboard", "GrafanaDatasource", "GrafanaFolder"}
    sources = [one.inputs["spec"] for one in found if one.type.endswith(":GrafanaDatasource")]
    assert {one["uid"] for one in sources} == {one["uid"] for one in datasources(settings_of("prod"))}
    for one in found:
        assert one.inputs["spec"]["instanceSelector"] == {"matchLabels": {"dashboards": "grafana"}}
        assert one.inputs["spec"]["allowCrossNamespaceImport"] is True


def test_the_operators_datasources_refer_to_the_header_in_a_secret() -> None:
    recorder = changed("prod", provisioning="operator")
    assert recorder.one("observability-datasources-secret").inputs["stringData"] == SECRET
    across: dict[str, Any] = recorder.one(f"observability-datasources-{uids.TEMPO}").inputs["spec"]
    (reference,) = across["valuesFrom"]
    key = reference["valueFrom"]["secretKeyRef"]["key"]
    assert reference["targetPath"] == "secureJsonData.httpHeaderValue1"
    # What the operator replaces by the value of the key.
    assert across["datasource"]["secureJsonData"] == {"httpHeaderValue1": f"${{{key}}}"}
    assert "argocd" not in str(across)
    # The operator uses Grafana's API, where a dollar is a dollar.
    assert "$$" not in str(across)


def test_without_tenants_the_operator_needs_no_secret() -> None:
    assert "observability-datasources-secret" not in {
        one.name for one in changed("dojo", provisioning="operator").registrations
    }


def test_nothing_is_created_where_somebody_else_loads_the_files() -> None:
    assert provisioned("none") == []
    assert kinds(provisioned("sidecar")) == {"ConfigMap", "Secret"}


def test_a_stack_may_leave_all_datasources_to_others() -> None:
    found = [*of_grafana(changed("prod", datasources=[]))]
    assert kinds(found) == {"ConfigMap"}
