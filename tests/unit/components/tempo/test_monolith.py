"""Tempo in monolithic mode: its credentials or role, the tenants' overrides, and its ServiceMonitor."""

import dataclasses
from typing import Any

from components.storage.access import StoreAccess
from components.tempo.monolith import TempoMonolith, TempoMonolithArgs
from components.tempo.process import TempoFiles
from settings.grafana import Grafana
from snapshot.program import record
from snapshot.recorder import Recorder
from tests.support.components import context_of
from tests.support.stacks import settings_of
from tests.support.tempo_workloads import matches

DOJO = settings_of("dojo")
ROLE = {"eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/tempo"}


def recorded(**changes: Any) -> Recorder:
    """Record the dojo's Tempo with changed arguments."""
    usual: dict[str, Any] = {
        "access": StoreAccess.by_credentials("tempo-keys"),
        "files": TempoFiles(config="Tempo config", overrides="overrides"),
    }
    args = TempoMonolithArgs(
        context=dataclasses.replace(context_of(DOJO), grafana=changes.pop("grafana", Grafana())),
        image="tempo:1",
        settings=DOJO.tempo,
        **usual | changes,
    )
    return record(lambda: TempoMonolith("tempo", args), {}, "test")


def template(recorder: Recorder) -> dict[str, Any]:
    return dict(recorder.one("tempo-server").inputs["spec"]["template"])


def container(recorder: Recorder) -> dict[str, Any]:
    (found,) = template(recorder)["spec"]["containers"]
    return dict(found)


def test_with_keys_it_has_them_and_only_its_address_to_expand() -> None:
    """Credentials are read from the environment, so the configuration does not name them."""
    found = container(recorded())
    assert [variable["name"] for variable in found["env"]] == [
        "POD_IP",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "GOMEMLIMIT",
    ]
    assert found["args"] == ["-config.file=/etc/tempo/tempo.yaml", "-config.expand-env=true"]


def test_with_a_role_its_account_names_it_and_it_has_no_keys() -> None:
    """The configuration contains the KMS key's id as a variable, which Tempo must expand."""
    recorder = recorded(access=StoreAccess.by_identity("irsa role", ROLE, "arn:key"))
    assert recorder.one("tempo-account").inputs["metadata"]["annotations"] == ROLE
    found = container(recorder)
    assert [variable["name"] for variable in found["env"]] == ["POD_IP", "TEMPO_KMS_KEY_ID", "GOMEMLIMIT"]
    assert found["args"] == ["-config.file=/etc/tempo/tempo.yaml", "-config.expand-env=true"]


def test_other_overrides_restart_nothing() -> None:
    recorder = recorded(files=TempoFiles(config="Tempo config", overrides="others"))
    assert recorder.one("tempo-overrides").inputs["data"] == {"overrides.yaml": "others"}
    assert template(recorder) == template(recorded())


def test_another_configuration_restarts_it() -> None:
    """Tempo reads its configuration only when it starts."""
    recorder = recorded(files=TempoFiles(config="another", overrides="overrides"))
    assert recorder.one("tempo-config").inputs["data"] == {"tempo.yaml": "another"}
    assert template(recorder)["metadata"]["annotations"] != template(recorded())["metadata"]["annotations"]


def test_it_is_scraped_where_monitors_are_wanted() -> None:
    assert not recorded().of_type("ServiceMonitor")
    monitor = recorded(grafana=Grafana(service_monitors=True)).one("tempo-monitor")
    (endpoint,) = monitor.inputs["spec"]["endpoints"]
    assert (endpoint["port"], endpoint["relabelings"][0]["replacement"]) == ("http", "$1/tempo")


def test_it_is_scraped_once() -> None:
    """Two Services select its Pod, the clients' and the headless one; only one of them may be scraped."""
    recorder = recorded(grafana=Grafana(service_monitors=True))
    wanted = recorder.one("tempo-monitor").inputs["spec"]["selector"]
    services = {s.inputs["metadata"]["name"]: s.inputs["metadata"]["labels"] for s in recorder.of_type("Service")}
    assert set(services) == {"tempo", "tempo-headless"}
    assert [name for name, labels in services.items() if matches(wanted, labels)] == ["tempo"]
