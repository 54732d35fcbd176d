import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console

from lab.errors import LabError
from lab.progress import Progress
from lab.toolchain import debian
from lab.toolchain.debian import ensure_packages

# Fakes of the two Debian programs: the database is a file, and each call of apt-get is logged.
DPKG_QUERY = 'shift 3; for name; do grep "^$name " {folder}/database; done'
APT_GET = """\
echo "$*" >> {folder}/calls
cat {folder}/policy-rc.d > {folder}/policy-seen 2>/dev/null
[ "$1" != update ] || {{ touch {folder}/lists; exit 0; }}
[ -e {folder}/lists ] || {{ echo "E: Unable to locate package etcd-server" >&2; exit 100; }}
[ ! -e {folder}/broken ] || {{ echo "E: dpkg was interrupted" >&2; echo "hint" >&2; exit 100; }}
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Debian machine with root, runc installed, etcd-server removed but configured, and fresh package lists."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, script in (("dpkg-query", DPKG_QUERY), ("apt-get", APT_GET)):
        (programs / name).write_text("#!/bin/sh\n" + script.format(folder=tmp_path), encoding="utf-8")
        (programs / name).chmod(0o755)
    (tmp_path / "database").write_text("runc installed\netcd-server config-files\n", encoding="utf-8")
    (tmp_path / "lists").touch()
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setattr(debian, "_POLICY", tmp_path / "policy-rc.d")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return tmp_path


@pytest.fixture
def ensure(tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Return `ensure_packages` with a progress that shows nothing."""
    with Progress(console=Console(file=io.StringIO()), history_file=tmp_path / "durations.json") as progress:
        yield lambda *names: ensure_packages(names, progress)


def _calls(machine: Path) -> list[str]:
    calls = machine / "calls"
    return (
        [" ".join(call.split()[:1] + call.split()[5:]) for call in calls.read_text(encoding="utf-8").splitlines()]
        if calls.exists()
        else []
    )


def test_a_machine_that_has_everything_is_left_alone(machine: Path, ensure: Callable[..., None]) -> None:
    """A second start needs neither root nor network."""
    ensure("runc")
    assert _calls(machine) == []


def test_only_what_is_missing_is_installed(machine: Path, ensure: Callable[..., None]) -> None:
    """A package that was removed but left its configuration counts as missing."""
    ensure("runc", "etcd-server", "conntrack")
    assert _calls(machine) == ["install etcd-server conntrack"]


def test_stale_package_lists_are_renewed_once(machine: Path, ensure: Callable[..., None]) -> None:
    """A new container image has none at all."""
    (machine / "lists").unlink()
    ensure("conntrack")
    assert _calls(machine) == ["install conntrack", "update", "install conntrack"]


def test_services_may_not_start_during_the_installation_only(machine: Path, ensure: Callable[..., None]) -> None:
    """Debian would start an etcd on the port of the node's own."""
    ensure("etcd-server")
    assert (machine / "policy-seen").read_text(encoding="utf-8").endswith("exit 101\n")
    assert not (machine / "policy-rc.d").exists()


def test_a_policy_that_the_machine_has_stays(machine: Path, ensure: Callable[..., None]) -> None:
    """It belongs to another program, which may rely on it."""
    (machine / "policy-rc.d").write_text("#!/bin/sh\nexit 104\n", encoding="utf-8")
    ensure("etcd-server")
    assert (machine / "policy-rc.d").read_text(encoding="utf-8") == "#!/bin/sh\nexit 104\n"


def test_a_failed_installation_says_why_and_lifts_the_ban(machine: Path, ensure: Callable[..., None]) -> None:
    """Apt's own message names the cause; the policy would keep every later service from starting."""
    (machine / "broken").touch()
    with pytest.raises(LabError, match="E: dpkg was interrupted") as error:
        ensure("conntrack")
    assert error.value.fix == "Run: sudo apt-get install --no-install-recommends conntrack"
    assert not (machine / "policy-rc.d").exists()


def test_without_root_the_error_is_the_command_to_run(
    machine: Path, ensure: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Apt's own message does not contain the command to type."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(LabError, match="needs root") as error:
        ensure("runc", "conntrack")
    assert error.value.fix == "Run: sudo apt-get install --no-install-recommends conntrack"
    assert _calls(machine) == []


def test_a_machine_that_is_not_debian_is_told_what_else_works(
    machine: Path, ensure: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fedora has all the packages, but under other names."""
    monkeypatch.setenv("PATH", str(machine))
    with pytest.raises(LabError, match="only on Debian"):
        ensure("conntrack")
