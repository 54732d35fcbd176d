import re

import pytest

from lab.catalogue import MODULES, TOOLS, Tool

TOOL = pytest.mark.parametrize("tool", TOOLS.values(), ids=lambda tool: tool.name)


def _go_mod(tool: Tool) -> str:
    return (MODULES / tool.modules[0] / "go.mod").read_text()


@TOOL
def test_every_module_of_a_tool_pins_what_it_downloads(tool: Tool) -> None:
    """Without go.sum anything a server sends would be compiled and run as root."""
    for module in tool.modules:
        pins = (MODULES / module / "go.sum").read_text().splitlines()
        assert pins, module
        assert all(re.fullmatch(r"\S+ v\S+ h1:\S{43}=", pin) for pin in pins)


def test_no_module_folder_is_left_without_a_tool() -> None:
    """A forgotten folder would raise the Go version that is asked for."""
    used = {module for tool in TOOLS.values() for module in tool.modules}
    assert {path.parent.name for path in MODULES.glob("*/go.mod")} == used


def test_two_tools_never_yield_a_binary_of_the_same_name() -> None:
    """Their folders share one PATH."""
    binaries = [program.binary for tool in TOOLS.values() for program in tool.programs]
    assert sorted(set(binaries)) == sorted(binaries)


@pytest.mark.parametrize(
    ("name", "dependency"),
    [
        ("kube", "k8s.io/kubernetes"),
        ("coredns", "github.com/coredns/coredns"),
        ("pulumi", "github.com/pulumi/pulumi/pkg/v3"),
        ("otelcol", "go.opentelemetry.io/collector/otelcol"),
    ],
)
def test_the_version_a_tool_claims_is_the_one_its_module_requires(name: str, dependency: str) -> None:
    """An upgrade changes two files, and one is easily forgotten."""
    tool = TOOLS[name]
    assert re.search(
        rf"^(?:require |\t){re.escape(dependency)} v{re.escape(tool.version)}$", _go_mod(tool), re.MULTILINE
    )


def test_the_version_tempo_claims_ends_in_the_commit_its_module_requires() -> None:
    """Tempo is pinned by commit, as its releases are no Go versions."""
    commit = TOOLS["tempo"].version.rpartition("-")[2]
    assert re.search(rf"grafana/tempo v\S+-{commit}$", _go_mod(TOOLS["tempo"]), re.MULTILINE)


def test_the_collector_reports_the_version_of_the_catalogue() -> None:
    """`otelcol --version` is what people quote in an issue."""
    folder = MODULES / TOOLS["otelcol"].modules[0]
    sources = "".join(path.read_text() for path in folder.rglob("*.go"))
    assert f'const version = "{TOOLS["otelcol"].version}"' in sources
