"""PrometheusRules are what the Prometheus operator's own definition allows."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from lab.toolchain.build import built
from snapshot.recorder import Registration
from tests.support.definitions import closed
from tests.support.programs import recorded
from tests.support.tools import absent

pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """The schema of the kind's spec, as the simulated nodes serve it."""
    kwok = built("kwok")
    if kwok is None:
        absent("kwok is not built: run `make tools`")
    file = Path(kwok).parent / "monitoring.coreos.com_prometheusrules.yaml"
    (version,) = yaml.safe_load(file.read_text(encoding="utf-8"))["spec"]["versions"]
    found = closed(version["schema"]["openAPIV3Schema"]["properties"]["spec"])
    # Of Thanos alone, and its pattern is no regular expression of Python's. Our rules must not have it.
    del found["properties"]["groups"]["items"]["properties"]["partial_response_strategy"]
    return found


@pytest.fixture
def rules() -> list[Registration]:
    """The objects of prod; recording needs the event loop of a test."""
    return [one for one in recorded("prod").registrations if one.inputs.get("kind") == "PrometheusRule"]


def test_every_object_fits_its_definition(schema: dict[str, Any], rules: list[Registration]) -> None:
    assert len(rules) > 10
    for one in rules:
        jsonschema.validate(one.inputs["spec"], schema)


@pytest.mark.parametrize("damage", [{"for": "5 minutes"}, {"keepFiringFor": "5m"}, {"expr": None}])
def test_a_wrong_rule_would_be_found(
    schema: dict[str, Any], rules: list[Registration], damage: dict[str, Any]
) -> None:
    spec = rules[0].inputs["spec"]
    rule = spec["groups"][0]["rules"][0] | damage
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"groups": [spec["groups"][0] | {"rules": [rule]}]}, schema)
