from collections.abc import Callable
from pathlib import Path

import pytest

from lab.errors import LabError
from lab.target import stacks
from lab.target.stacks import runnable_settings, stack_settings
from lab.target.tempo_program import BUILT_TEMPO
from tests.support.stacks import ABSENT, settings_of

pytestmark = pytest.mark.usefixtures("own_folders")


OWN_BUILDS = {f"images.{name}.digest": ABSENT for name in settings_of("dojo").images.by_name()}
BUILT = {"tempo.version": f"{BUILT_TEMPO}.0", "images.tempo.tag": f"{BUILT_TEMPO}.0", **OWN_BUILDS}


def test_the_dojo_can_be_deployed_on_the_labs_own_node() -> None:
    """It is what `make up` brings up."""
    assert runnable_settings("dojo") == settings_of("dojo", BUILT)


@pytest.mark.parametrize("stack", ["staging", "prod"])
def test_a_stack_for_a_cloud_is_sent_to_the_simulated_target(stack: str) -> None:
    """The engine would wait for Pods that can never start, and for a cloud that is not there."""
    with pytest.raises(LabError) as refusal:
        runnable_settings(stack)
    assert "object_store.kind aws_s3" in refusal.value.what
    assert "tempo.deployment_mode microservices" in refusal.value.what
    assert refusal.value.fix.endswith(f"make up STACK={stack} TARGET=simulated")


NEWER = settings_of("dojo", {"tempo.version": "3.0.3", "images.tempo.tag": "3.0.3"})


def test_a_tempo_that_the_labs_image_is_not_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The image bears the tag that the stack names, but the program in it is of the line that the lab builds."""
    monkeypatch.setattr(stacks, "read_stack_file", lambda _file, _adapt: NEWER)
    with pytest.raises(LabError) as refusal:
        runnable_settings("dojo")
    assert "tempo.version 3.0.3: the lab's image of Tempo contains 2.8, whatever" in refusal.value.what
    assert "A Tempo 3.x on PATH would be used instead." in refusal.value.what
    assert "TARGET=simulated" in refusal.value.fix


def test_a_stack_of_tempo_3_runs_where_a_tempo_3_is_installed(
    monkeypatch: pytest.MonkeyPatch, tempo_on_path: Callable[[str], Path]
) -> None:
    tempo_on_path("3.0.3")
    monkeypatch.setattr(stacks, "read_stack_file", lambda _file, _adapt: NEWER)
    assert runnable_settings("dojo") == NEWER


def test_a_stack_of_tempo_2_runs_where_a_tempo_3_is_installed(tempo_on_path: Callable[[str], Path]) -> None:
    """With the Tempo that the lab builds: the other would refuse its configuration at its start."""
    tempo_on_path("3.0.3")
    assert runnable_settings("dojo") == settings_of("dojo", BUILT)


def test_an_installed_tempo_of_the_same_major_serves_the_dojo(tempo_on_path: Callable[[str], Path]) -> None:
    tempo_on_path("2.10.8")
    assert runnable_settings("dojo") == settings_of("dojo", OWN_BUILDS)


def test_a_stack_that_is_not_there_is_named() -> None:
    """Typed by hand in STACK=..."""
    with pytest.raises(LabError, match=r"Pulumi\.nope\.yaml"):
        stack_settings("nope")


def test_a_setting_without_effect_does_not_keep_a_stack_from_being_deployed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_volume = settings_of("dojo", {"tempo.generator_volume_size_gib": 12})
    monkeypatch.setattr(stacks, "read_stack_file", lambda _file, _adapt: with_volume)
    assert runnable_settings("dojo") == with_volume
