import stat
import sys
from pathlib import Path

import pytest
import yaml

from lab.engine.project import Project
from lab.errors import LabError


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A checkout with one stack, and a home for the engine."""
    repo = tmp_path / "repo"
    repo.mkdir()
    settings = {"name": "probe", "description": "kept", "runtime": {"name": "python", "options": {}}}
    (repo / "Pulumi.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    (repo / "Pulumi.dojo.yaml").write_text(
        yaml.safe_dump({"config": {"probe:a": {"x": 1, "y": 2}}}), encoding="utf-8"
    )
    return Project(repo=repo, stack="dojo", home=tmp_path / "home")


def _written(project: Project) -> dict[str, object]:
    written: dict[str, object] = yaml.safe_load(project.stack_file.read_text(encoding="utf-8"))
    return written


def test_the_program_is_the_checkouts_and_runs_in_this_environment(project: Project) -> None:
    """Whatever environment Pulumi.yaml names, the one that is tested is this."""
    project.write()
    settings = yaml.safe_load((project.folder / "Pulumi.yaml").read_text(encoding="utf-8"))
    assert settings["main"] == str(project.repo)
    assert settings["runtime"] == {"name": "python", "options": {"virtualenv": sys.prefix}}
    assert settings["description"] == "kept"


def test_the_engines_salt_survives_a_new_writing(project: Project) -> None:
    """Without it no secret of the state could be read again."""
    project.write()
    project.stack_file.write_text(
        project.stack_file.read_text(encoding="utf-8") + "encryptionsalt: v1:salt\n", encoding="utf-8"
    )
    project.write()
    assert _written(project)["encryptionsalt"] == "v1:salt"


def test_the_checkout_is_not_written_to(project: Project) -> None:
    """A salt in a committed stack file would be committed by accident."""
    before = {path: path.read_bytes() for path in project.repo.iterdir()}
    project.write()
    assert {path: path.read_bytes() for path in project.repo.iterdir()} == before


def test_the_passphrase_is_made_once_and_is_for_its_owner_alone(project: Project) -> None:
    """A new passphrase could not decrypt the state."""
    project.write()
    passphrase = project.passphrase_file.read_text(encoding="utf-8")
    project.write()
    assert project.passphrase_file.read_text(encoding="utf-8") == passphrase
    assert len(passphrase) >= 32
    assert stat.S_IMODE(project.passphrase_file.stat().st_mode) == 0o600


def test_an_unknown_stack_is_refused_with_the_known_ones(project: Project) -> None:
    """A mistyped name is the likeliest reason."""
    with pytest.raises(LabError, match=r"(?s)Pulumi\.dojoo\.yaml is refused:.*Pulumi\.dojo\.yaml"):
        Project(repo=project.repo, stack="dojoo", home=project.home).write()


def test_an_encrypted_setting_is_refused(project: Project) -> None:
    """It is encrypted with a key that is not here."""
    secret = {"config": {"probe:token": {"secure": "v1:abc"}}}
    (project.repo / "Pulumi.dojo.yaml").write_text(yaml.safe_dump(secret), encoding="utf-8")
    with pytest.raises(LabError, match=r"probe:token in Pulumi\.dojo\.yaml is encrypted"):
        project.write()


@pytest.mark.parametrize("name", ["Pulumi.yaml", "Pulumi.dojo.yaml"])
def test_a_file_that_is_no_settings_is_an_error_for_people(project: Project, name: str) -> None:
    """The engine's own copy is read again after a machine lost power; a stranger's may unfold without end."""
    laughs = "".join(f"l{n}: &l{n} {{<<: [{', '.join([f'*l{n - 1}'] * 9)}]}}\n" for n in range(1, 30))
    (project.repo / name).write_text(f"a: &l0 {{x: 1}}\n{laughs}", encoding="utf-8")
    with pytest.raises(LabError, match=f"{name} is refused:\n.*aliases"):
        project.write()


def test_an_emptied_copy_of_the_stack_file_is_written_anew(project: Project) -> None:
    """A power cut leaves such files."""
    project.write()
    project.stack_file.write_text("", encoding="utf-8")
    project.write()
    assert _written(project) == {"config": {"probe:a": {"x": 1, "y": 2}}}
