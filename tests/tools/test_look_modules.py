"""The page's pure modules, by their own tests in Node: trees, critical paths, the map, units, variables, links."""

import subprocess

import pytest

from settings.project import REPO
from tests.support.tools import system_program

pytestmark = pytest.mark.tools


def test_the_modules_of_the_page_pass_their_tests() -> None:
    tests = sorted(str(path) for path in (REPO / "look" / "test").glob("*.test.js"))
    assert tests
    command = [str(system_program("node")), "--test", *tests]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
