"""The objects of the Grafana operator are what its own definitions allow."""

import functools
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from lab.toolchain.build import built
from snapshot.program import record_program
from snapshot.recorder import Registration
from tests.support.definitions import closed
from tests.support.lab_fixtures import absent
from tests.support.stacks import as_config, sections

pytestmark = pytest.mark.tools

_OPERATOR = {"grafana.provisioning": "operator", "grafana.profiles_uid": "pyroscope"}


@pytest.fixture(scope="module")
def kinds() -> dict[str, dict[str, Any]]:
    """The schema of each kind's spec, as the simulated nodes serve it."""
    kwok = built("kwok")
    if kwok is None:
        absent("kwok is not built: run `make tools`, or `make verify` for everything")
    return dict(map(_kind, sorted(Path(kwok).parent.glob("grafana.integreatly.org_*.yaml"))))


def _kind(file: Path) -> tuple[str, dict[str, Any]]:
    definition = yaml.safe_load(file.read_text(encoding="utf-8"))["spec"]
    (version,) = [one for one in definition["versions"] if one["name"] == "v1beta1"]
    schema = version["schema"]["openAPIV3Schema"]["properties"]["spec"]
    return definition["names"]["kind"], closed(schema)


@functools.cache
def _objects() -> list[Registration]:
    recorder = record_program(as_config(sections("prod", _OPERATOR)), "prod")
    return [one for one in recorder.registrations if "grafana.integreatly.org" in one.type]


@pytest.fixture
def objects() -> list[Registration]:
    """The operator's objects of prod, with its tenants and tiers; recording needs the event loop of a test."""
    return _objects()


def test_every_object_fits_its_definition(kinds: dict[str, dict[str, Any]], objects: list[Registration]) -> None:
    assert {one.inputs["kind"] for one in objects} == set(kinds)
    for one in objects:
        jsonschema.validate(one.inputs["spec"], kinds[one.inputs["kind"]])


def test_an_unknown_key_would_be_found(kinds: dict[str, dict[str, Any]], objects: list[Registration]) -> None:
    (first, *_) = [one for one in objects if one.inputs["kind"] == "GrafanaDatasource"]
    wrong = {**first.inputs["spec"], "folder": "Tracing"}
    with pytest.raises(jsonschema.ValidationError, match="folder"):
        jsonschema.validate(wrong, kinds["GrafanaDatasource"])
