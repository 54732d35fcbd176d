"""The benchmark's baseline for prod's preview: a program that only imports."""

import subprocess
import sys

from settings.project import REPO

_PROGRAM = f"""
from pathlib import Path
from snapshot.program import record_program, stack_config
record_program(stack_config(Path("{REPO}/Pulumi.prod.yaml")), "prod")
"""
_IMPORTS = f"""
import runpy
runpy.run_path("{REPO}/bench/imports/__main__.py")
"""
# A lazy module is in `sys.modules` before it is loaded.
_LIST = """
import sys
pulumis = {name: type(module).__name__ for name, module in sys.modules.items() if name.startswith("pulumi")}
print(*(name for name, kind in pulumis.items() if "Lazy" not in kind))
"""


def _loaded_by(code: str) -> set[str]:
    command = [sys.executable, "-c", code + _LIST]
    return set(subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=True).stdout.split())


def test_the_program_that_only_imports_loads_of_the_sdks_what_prod_loads() -> None:
    """If it loaded less, the ratio would be too high; if more, too low."""
    program = _loaded_by(_PROGRAM)
    assert "pulumi_aws.s3.bucket" in program
    assert _loaded_by(_IMPORTS) == program
