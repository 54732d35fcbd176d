"""The documents name only what exists, and README.md's commands and manifests are right."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.app import main as cli
from render.names import AGENT, OTLP_HTTP_PORT, TEMPO_HTTP_PORT, service_host, tempo_query_host
from settings.project import REPO
from tests.support.documents import named_files, named_folders, named_settings, setting_exists
from tests.support.stacks import settings_of

README = (REPO / "README.md").read_text(encoding="utf-8")
# Planned parts have no files yet.
PLANNED = "## Where the next parts go"
DOCUMENTS = {
    str(path.relative_to(REPO)): path.read_text(encoding="utf-8").partition(PLANNED)[0]
    for path in (
        REPO / "README.md",
        REPO / "CONTRIBUTING.md",
        *sorted((REPO / "docs").rglob("*.md")),
        *sorted((REPO / "lab").rglob("README.md")),
    )
}
TARGETS = set(re.findall(r"^([a-z-]+):", (REPO / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
MAKE = re.compile(r"\bmake ((?:[a-z][a-z-]* ?)+)")
VARIABLES = {
    name
    for path in (*(REPO / "lab").rglob("*.py"), *(REPO / "tests").rglob("*.py"), REPO / "Makefile")
    for name in re.findall(r"FAWKES_[A-Z_]+", path.read_text(encoding="utf-8"))
}
DECISIONS = sorted((REPO / "docs" / "adr").glob("0*.md"))
documents = pytest.mark.parametrize("name", DOCUMENTS)


def manifest() -> dict[str, Any]:
    """Return the Deployment that the README shows."""
    (block,) = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    return dict(yaml.safe_load(block))


@documents
def test_every_make_target_that_a_document_names_exists(name: str) -> None:
    quoted = re.findall(r"`[^`\n]*`|```.*?```", DOCUMENTS[name], re.DOTALL)
    named = [word for code in quoted for line in MAKE.findall(code) for word in line.split()]
    assert set(named) <= TARGETS


@documents
def test_every_command_that_a_document_names_exists(name: str) -> None:
    for command in set(re.findall(r"python -m cli ([a-z]+)", DOCUMENTS[name])):
        with pytest.raises(SystemExit) as ended:
            cli([command, "--help"])
        assert ended.value.code == 0, command
    for module in set(re.findall(r"python -m ((?:tests|lab)\.[\w.]+)", DOCUMENTS[name])):
        path = REPO / Path(*module.split("."))
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), module


@documents
def test_every_file_folder_and_link_of_a_document_leads_somewhere(name: str) -> None:
    text = DOCUMENTS[name]
    assert {file for file in named_files(text) if not (REPO / file).is_file()} == set()
    assert {folder for folder in named_folders(text) if not (REPO / folder).is_dir()} == set()
    links = {link for link in re.findall(r"\]\(([^)#\s]+)\)", text) if "://" not in link}
    assert {link for link in links if not ((REPO / name).parent / link).exists()} == set()


@documents
def test_every_setting_that_a_document_names_exists(name: str) -> None:
    assert {setting for setting in named_settings(DOCUMENTS[name]) if not setting_exists(setting)} == set()


@documents
def test_every_variable_of_the_lab_that_a_document_names_exists(name: str) -> None:
    assert set(re.findall(r"FAWKES_[A-Z_]+", DOCUMENTS[name])) <= VARIABLES


def test_names_are_found_at_all() -> None:
    """A test over an empty set would pass whatever the documents contain."""
    assert len(named_settings(README)) > 15
    assert len(named_folders(DOCUMENTS["CONTRIBUTING.md"])) > 15
    assert len(named_files(DOCUMENTS["docs/decision-record.md"])) > 30
    assert len(TARGETS) > 20
    assert len(VARIABLES) > 3


def test_the_readme_stays_short() -> None:
    assert len(README.splitlines()) < 170


def test_the_readmes_manifest_meets_the_restricted_pod_security_profile() -> None:
    """The manifest is copied into namespaces that enforce the profile."""
    pod = manifest()["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert set(pod) == {"securityContext", "containers"}
    for container in pod["containers"]:
        security = container["securityContext"]
        assert security == {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}


def test_the_readmes_manifest_selects_its_own_pods() -> None:
    spec = manifest()["spec"]
    assert spec["selector"]["matchLabels"].items() <= spec["template"]["metadata"]["labels"].items()


def test_the_readmes_manifest_sends_to_the_agents_service() -> None:
    (container,) = manifest()["spec"]["template"]["spec"]["containers"]
    environment = {variable["name"]: variable["value"] for variable in container["env"]}
    host = service_host(AGENT, settings_of("prod").environment.namespace)
    assert environment["OTEL_EXPORTER_OTLP_ENDPOINT"] == f"http://{host}:{OTLP_HTTP_PORT}"
    assert environment["OTEL_EXPORTER_OTLP_PROTOCOL"] == "http/protobuf"
    resources = json.loads((REPO / "rendered" / "prod" / "resources.json").read_text(encoding="utf-8"))
    (service,) = [found["inputs"] for found in resources if found["name"] == "agent-service"]
    assert host == f"{service['metadata']['name']}.{service['metadata']['namespace']}.svc"
    assert OTLP_HTTP_PORT in {port["port"] for port in service["spec"]["ports"]}


def test_the_readmes_port_forward_leads_to_the_service_that_answers_queries() -> None:
    prod, dojo = settings_of("prod"), settings_of("dojo")
    forward = f"kubectl -n {prod.environment.namespace} port-forward svc/"
    assert f"{forward}{tempo_query_host(prod.tempo.deployment_mode)} {TEMPO_HTTP_PORT} " in README
    assert f"dojo: svc/{tempo_query_host(dojo.tempo.deployment_mode)}\n" in README


def test_the_readmes_costs_are_those_of_the_cost_document() -> None:
    cost = (REPO / "docs" / "cost.md").read_text(encoding="utf-8")
    prod, staging = re.findall(r"^in all +([0-9.]+) ", cost, re.MULTILINE)[:2]
    assert f"Prod costs {prod} USD a month and staging {staging}" in " ".join(README.split())


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: str(path.stem))
def test_the_index_of_decisions_has_each_pages_title_status_and_date(path: Path) -> None:
    """The index is written by hand."""
    text = path.read_text(encoding="utf-8")
    heading, _, status, _, date = text.splitlines()[:5]
    number, title = heading.removeprefix("# ").split(": ", 1)
    assert number == path.name[:4]
    assert re.fullmatch(r"Status: (accepted|superseded by \d{4})", status)
    assert re.fullmatch(r"Date: 20\d\d-\d\d-\d\d", date)
    row = f"| [{number}]({path.name}) | {title} | {status[8:]} | {date[6:]} |"
    assert row in DOCUMENTS["docs/adr/README.md"].splitlines()
