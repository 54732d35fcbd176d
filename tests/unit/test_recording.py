"""Tests that create resources must do so under a recorder, where a failed assertion fails the test.

An assertion inside `Output.apply` fails silently unless something waits for it. Two ways do:
`snapshot.program.record` (and `record_program`), and `@pulumi.runtime.test`.
"""

import ast
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import pulumi
import pytest

from settings.project import REPO

TESTS = REPO / "tests"
RECORDERS = {"record", "record_program"}


def modules_of_resources(tree: ast.Module) -> Iterator[str]:
    """Yield the local names by which a file creates resources: pulumi's packages and our components."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                if name.name.partition(".")[0].startswith("pulumi_"):
                    yield (name.asname or name.name).partition(".")[0]
        elif isinstance(node, ast.ImportFrom):
            package = str(node.module).partition(".")[0]
            if package.startswith("pulumi_"):
                yield from (name.asname or name.name for name in node.names)
            elif package == "components":
                module = import_module(str(node.module))
                yield from (name.asname or name.name for name in node.names if _is_resource(module, name.name))


def _is_resource(module: ModuleType, name: str) -> bool:
    """Return whether a module's member is a class of resources; components also export plain data."""
    member = getattr(module, name, None)
    return isinstance(member, type) and issubclass(member, pulumi.Resource)


def unrecorded(source: str) -> list[int]:
    """Return the lines of a test file that create resources outside a recorder."""
    tree = ast.parse(source)
    names = set(modules_of_resources(tree))
    handed_over = {
        node.args[0].id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _is_recorder(node) and node.args and isinstance(node.args[0], ast.Name)
    }
    return list(_calls(tree, names, handed_over)) if names else []


def _calls(node: ast.AST, names: set[str], handed_over: set[str]) -> Iterator[int]:
    if _is_recorder(node) or _is_recorded_function(node, handed_over):
        return
    if isinstance(node, ast.Call) and _creates_a_resource(node, names):
        yield node.lineno
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, names, handed_over)


def _is_recorder(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RECORDERS


def _is_recorded_function(node: ast.AST, handed_over: set[str]) -> bool:
    if not isinstance(node, ast.FunctionDef):
        return False
    decorators = {ast.unparse(decorator) for decorator in node.decorator_list}
    return node.name in handed_over or "pulumi.runtime.test" in decorators


def _creates_a_resource(node: ast.Call, names: set[str]) -> bool:
    text = ast.unparse(node.func)
    last = text.rpartition(".")[2]
    return text.partition(".")[0] in names and last[:1].isupper() and not last.endswith("Args")


def test_every_test_that_makes_resources_records_them() -> None:
    found = {
        str(path.relative_to(REPO)): lines
        for path in sorted(TESTS.rglob("*.py"))
        if (lines := unrecorded(path.read_text(encoding="utf-8")))
    }
    assert found == {}, "resources created outside record(), record_program() or @pulumi.runtime.test"


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("from pulumi_kubernetes.core import v1 as core\ndef test_x():\n    core.ConfigMap('x')\n", [3]),
        (
            (
                "from components.collectors.agent import CollectorAgent\n"
                "def test_x():\n    CollectorAgent('x', None)\n"
            ),
            [3],
        ),
        ("import pulumi_random as random\nx = random.RandomPassword('x', length=3)\n", [2]),
        ("import pulumi_random as random\nrecord(lambda: random.RandomPassword('x'), {}, 's')\n", []),
        (
            (
                "import pulumi\nfrom components.collectors.agent import CollectorAgent\n"
                "@pulumi.runtime.test\ndef test_x():\n    CollectorAgent('x')\n"
            ),
            [],
        ),
        ("from components.context import Context\nx = Context(namespace='x')\n", []),
        ("from components.collectors.agent import CollectorAgentArgs\nx = CollectorAgentArgs(image='x')\n", []),
        ("import pulumi_kubernetes as k\ndef made():\n    k.core.v1.Secret('x')\nrecord(made, {}, 's')\n", []),
        ("import pulumi_kubernetes as k\ndef made():\n    k.core.v1.Secret('x')\nmade()\n", [3]),
        ("import json\njson.JSONDecoder()\n", []),
    ],
)
def test_the_rule_itself(source: str, lines: list[int]) -> None:
    assert unrecorded(source) == lines
