from pathlib import Path

import pytest

from cli.app import main
from settings.project import REPO

FILES = sorted(map(str, REPO.glob("Pulumi.*.yaml")))


def test_the_stacks_on_eks_are_listed_as_a_line_of_a_pipelines_outputs(capsys: pytest.CaptureFixture[str]) -> None:
    """The dojo names no EKS cluster, so no pipeline reaches it."""
    assert main(["stacks", *FILES]) == 0
    assert capsys.readouterr().out == 'stacks=["prod", "staging"]\n'


def test_a_refused_file_is_named_and_no_list_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A shorter list would leave a stack without its preview, unnoticed."""
    broken = tmp_path / "Pulumi.prod.yaml"
    broken.write_text("config: {}", encoding="utf-8")
    assert main(["stacks", *FILES, str(broken)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert str(broken) in said.err
