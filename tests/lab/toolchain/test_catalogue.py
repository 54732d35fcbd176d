import re
from typing import Any

import pytest

from lab.toolchain.catalogue import MODULES, TOOLS, tool_of
from lab.toolchain.tools import Tool

TOOL = pytest.mark.parametrize("tool", TOOLS.values(), ids=lambda tool: tool.name)


def _go_mod(tool: Tool) -> str:
    return (MODULES / tool.modules[0] / "go.mod").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"licens": "MIT"}, "'licens'"),
        ({"version": None}, "'version'"),
        ({"programs": None}, "'programs'"),
        ({"programs": [{"binary": "a", "module": "node"}]}, "'package'"),
        ({"programs": [{"binary": "a", "module": "node", "package": "./a", "flags": "-s"}]}, "'flags'"),
        ({"files": [{"module": "node"}]}, "'dependency'"),
        ({"own": {"minimum": "1"}}, "'version_command'"),
    ],
)
def test_a_wrong_table_is_refused_by_the_names_of_tool_and_field(change: dict[str, Any], message: str) -> None:
    """Reached by a wrong line in `catalogue.toml`, before anything is built."""
    right = {"version": "1", "licence": "MIT", "programs": [{"binary": "a", "module": "node", "package": "./a"}]}
    assert tool_of("alpha", right).licence == "MIT"
    table = {field: value for field, value in (right | change).items() if value is not None}
    with pytest.raises(ValueError, match=f"table of alpha .*{message}"):
        tool_of("alpha", table)


@TOOL
def test_every_module_of_a_tool_pins_what_it_downloads(tool: Tool) -> None:
    """Without go.sum, whatever a server sends would be compiled and run as root."""
    for module in tool.modules:
        pins = (MODULES / module / "go.sum").read_text(encoding="utf-8").splitlines()
        assert pins, module
        assert all(re.fullmatch(r"\S+ v\S+ h1:\S{43}=", pin) for pin in pins)


def test_no_module_folder_is_left_without_a_tool() -> None:
    """A forgotten folder could raise the required Go version."""
    used = {module for tool in TOOLS.values() for module in tool.modules}
    assert {path.parent.name for path in MODULES.glob("*/go.mod")} == used


def test_two_tools_never_yield_a_binary_of_the_same_name() -> None:
    """Their folders share one PATH."""
    binaries = [program.binary for tool in TOOLS.values() for program in tool.programs]
    assert sorted(set(binaries)) == sorted(binaries)


def test_what_is_under_the_agpl_shares_a_module_folder_with_no_other_licence() -> None:
    """A folder whose tools are built, changed or distributed together must not mix the two by accident."""
    tools: dict[bool, set[str]] = {True: set(), False: set()}
    for tool in TOOLS.values():
        tools[tool.licence.startswith("AGPL-")].update(tool.modules)
    assert tools[True]
    assert tools[True] & tools[False] == set()


@pytest.mark.parametrize("name", ["tempo", "minio", "mc"])
def test_the_tools_under_the_agpl_are_named_as_such(name: str) -> None:
    assert TOOLS[name].licence.startswith("AGPL-3.0-")


@pytest.mark.parametrize(
    ("name", "dependency"),
    [
        ("kube", "k8s.io/kubernetes"),
        ("coredns", "github.com/coredns/coredns"),
        ("pulumi", "github.com/pulumi/pulumi/pkg/v3"),
        ("otelcol", "go.opentelemetry.io/collector/otelcol"),
        ("cert-manager", "github.com/cert-manager/cert-manager"),
        ("kwok", "sigs.k8s.io/kwok"),
        ("kube-score", "github.com/zegl/kube-score"),
        ("actionlint", "github.com/rhysd/actionlint"),
        ("caddy", "github.com/caddyserver/caddy/v2"),
        ("oauth2-proxy", "github.com/oauth2-proxy/oauth2-proxy/v7"),
        ("enforcer", "github.com/cloudnativelabs/kube-router/v2"),
    ],
)
def test_the_version_a_tool_claims_is_the_one_its_module_requires(name: str, dependency: str) -> None:
    """An upgrade changes two files, and one of them is easily forgotten."""
    tool = TOOLS[name]
    assert re.search(
        rf"^(?:require |\t){re.escape(dependency)} v{re.escape(tool.version)}$", _go_mod(tool), re.MULTILINE
    )


def test_the_version_tempo_claims_ends_in_the_commit_its_module_requires() -> None:
    """Tempo is pinned by commit, because its releases are not Go versions."""
    commit = TOOLS["tempo"].version.rpartition("-")[2]
    assert re.search(rf"grafana/tempo v\S+-{commit}$", _go_mod(TOOLS["tempo"]), re.MULTILINE)


def test_the_collector_reports_the_version_of_the_catalogue() -> None:
    """`otelcol --version` is what people quote in an issue."""
    folder = MODULES / TOOLS["otelcol"].modules[0]
    sources = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.go"))
    assert f'const version = "{TOOLS["otelcol"].version}"' in sources


def test_what_plays_the_nodes_is_compiled_from_the_kubernetes_that_they_belong_to() -> None:
    """Common packages are then compiled once; kwok itself requires a newer version, which go.mod excludes."""
    wanted = _versions("node")
    shared = {name: version for name, version in _versions("simulated").items() if name in wanted}
    assert shared["k8s.io/client-go"] == "v0.35.4"
    differing = {name for name, version in shared.items() if version != wanted[name]}
    # Only kwok uses the container runtime's client, in the newer version.
    assert {name for name in differing if name.startswith("k8s.io/")} <= {"k8s.io/cri-api", "k8s.io/cri-client"}


def test_what_enforces_policies_shares_all_that_it_can_with_the_node() -> None:
    """Otherwise Kubernetes' client would be compiled a second time, for minutes."""
    node, own = _versions("node"), _versions("policies")
    assert {name for name in own if name in node and own[name] != node[name]} == set()
    assert own["k8s.io/client-go"] == "v0.35.4"


def test_cert_manager_shares_all_that_it_can_with_the_node() -> None:
    """Only Kubernetes' own libraries, and what belongs to their version, are compiled a second time for it."""
    node, own = _versions("node"), _versions("certificates")
    differing = {name for name in own if name in node and own[name] != node[name]}
    beside = {"sigs.k8s.io/controller-runtime", "sigs.k8s.io/structured-merge-diff/v6"}
    assert {name for name in differing - beside if not name.startswith("k8s.io/")} == set()


def test_the_nodes_with_and_without_an_issuer_define_the_same_certificates() -> None:
    """Simulated nodes have the definitions of the `definitions` folder, the others those of the program."""
    name = "github.com/cert-manager/cert-manager"
    assert _versions("definitions")[name] == _versions("certificates")[name]
    files = {tool: {f for each in TOOLS[tool].files for f in each.files} for tool in ("kwok", "cert-manager")}
    assert files["cert-manager"] <= files["kwok"]


def _versions(module: str) -> dict[str, str]:
    text = (
        (MODULES / module / "go.mod")
        .read_text(encoding="utf-8")
        .partition("\nreplace (")[0]
        .partition("\nexclude (")[0]
    )
    return dict(re.findall(r"^(?:require |\t)(\S+) (v\S+)", text, re.MULTILINE))
