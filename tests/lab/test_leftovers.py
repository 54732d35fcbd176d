import subprocess
import sys
from pathlib import Path

from tests.verify.leftovers import leftovers


def test_a_folder_that_nobody_uses_has_no_leftovers_of_its_own(tmp_path: Path) -> None:
    """Other labs' links and routes may be there; nothing may speak of this folder."""
    assert [line for line in leftovers(tmp_path) if str(tmp_path) in line] == []


def test_a_process_that_works_for_the_folder_is_found_until_it_has_ended(tmp_path: Path) -> None:
    """Daemons carry the folder in their arguments."""
    program = "import sys; print('up', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", program, str(tmp_path / "node")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        # Its arguments can be read only some time after it was started.
        assert process.stdout
        assert process.stdout.readline()
        assert [line for line in leftovers(tmp_path) if line.startswith(f"process {process.pid} ")]
        process.communicate()
    assert not [line for line in leftovers(tmp_path) if line.startswith(f"process {process.pid} ")]
