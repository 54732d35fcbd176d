from pathlib import Path

import pytest

from lab.commands.kubeconfig import write_kubeconfig
from lab.errors import LabError
from tests.support.executables import script

pytestmark = pytest.mark.usefixtures("own_folders")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file to write, in a folder that is not there yet; nothing but the shell's own commands on PATH."""
    path = tmp_path / "out" / "kubeconfig"
    monkeypatch.setenv("FAWKES_KUBECONFIG", str(path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return path


def aws(tmp_path: Path, text: str) -> None:
    """Put an AWS CLI on PATH."""
    script(tmp_path / "bin" / "aws", text)


def test_the_aws_cli_is_asked_for_the_cluster_and_region_of_the_stack(file: Path, tmp_path: Path) -> None:
    """Its last argument is the file."""
    aws(tmp_path, 'for last; do :; done; echo "$@" > "$last"')
    assert write_kubeconfig("prod") == file
    wanted = f"eks update-kubeconfig --name fawkes-prod --region eu-west-1 --kubeconfig {file}\n"
    assert file.read_text(encoding="utf-8") == wanted


def test_a_refusal_of_amazons_is_told_with_the_permission_that_it_takes(file: Path, tmp_path: Path) -> None:
    aws(tmp_path, "echo 'AccessDeniedException: no' >&2; exit 254")
    with pytest.raises(LabError, match=r"cluster of prod cannot be reached: AccessDeniedException: no") as refusal:
        write_kubeconfig("prod")
    assert "eks:DescribeCluster" in refusal.value.fix
    assert not file.exists()


@pytest.mark.parametrize(
    ("stack", "sentence"),
    [
        ("dojo", "names no EKS cluster"),
        ("prod", "The AWS CLI .* is not on PATH"),
        ("nope", "nope.yaml is refused"),
    ],
)
def test_what_is_missing_is_said(stack: str, sentence: str, file: Path, tmp_path: Path) -> None:
    if stack == "dojo":
        aws(tmp_path, "exit 1")
    with pytest.raises(LabError, match=sentence):
        write_kubeconfig(stack)
    assert not file.exists()


def test_without_a_file_to_write_nothing_is_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """The AWS CLI's default is the kubeconfig of the person."""
    monkeypatch.delenv("FAWKES_KUBECONFIG", raising=False)
    with pytest.raises(LabError, match="FAWKES_KUBECONFIG names no file"):
        write_kubeconfig("prod")
