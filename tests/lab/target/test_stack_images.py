import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from lab.target.stacks import stack_images
from lab.target.tempo_program import BUILT_TEMPO, tempo_inside, unfit_programs
from lab.toolchain import images
from lab.toolchain.build import find
from lab.toolchain.catalogue import TOOLS
from tests.support.stacks import settings_of


def test_every_image_that_the_dojo_names_is_built_under_that_very_name() -> None:
    """A Pod whose image is not there would wait for a registry that the lab does not have."""
    wanted = settings_of("dojo").images
    named = {image.reference(None) for image in wanted.by_name().values()}
    assert {image.reference for image in stack_images(wanted)} == named


def test_with_a_mirror_the_images_have_the_names_that_the_pods_then_name() -> None:
    wanted = settings_of("dojo", {"images.mirror": "mirror.internal"}).images
    named = {image.reference for image in stack_images(wanted)}
    assert named == {image.reference("mirror.internal") for image in wanted.by_name().values()}
    assert all(name.startswith("mirror.internal/") for name in named)


def test_each_image_is_made_of_a_tool_that_runs_in_images() -> None:
    """A program that is linked against this machine's libraries dies in an empty image."""
    for image in stack_images(settings_of("dojo").images):
        if image.is_built:
            assert TOOLS[image.tool].in_image


def test_the_program_stands_where_the_published_image_has_it_and_the_client_has_a_shell(tmp_path: Path) -> None:
    """The manifests name neither the program's path nor the image's origin, and the set-up is a shell script."""
    program, busybox = tmp_path / "program", tmp_path / "busybox"
    for file in (program, busybox):
        file.write_bytes(b"\x7fELF")
        file.chmod(0o755)
    held = {}
    for image in stack_images(settings_of("dojo").images):
        archive = image.build(program, busybox, tmp_path)
        assert images.describe(archive)[0] == image.reference
        held[image.tool] = _names_in(archive, tmp_path)
    assert "tempo" in held["tempo"]
    assert "otelcol-contrib" in held["otelcol"]
    assert "usr/bin/minio" in held["minio"]
    assert {"usr/bin/mc", "bin/sh", "bin/busybox"} <= held["mc"]
    assert "bin/sh" not in held["tempo"] | held["otelcol"] | held["minio"]


@pytest.mark.parametrize(("version", "major"), [("2.10.8", 2), ("3.0.3", 3)])
def test_what_is_in_tempos_image_follows_the_program_that_is_found(
    version: str, major: int, tempo_on_path: Callable[[str], Path]
) -> None:
    """The same program that goes in: `lab.target.stacks` refuses by this what it would refuse at its start."""
    assert tempo_inside(major) == BUILT_TEMPO == "2.8"
    program = tempo_on_path(version)
    assert tempo_inside(major) == f"{version} ({program})"
    assert unfit_programs(major) == {}
    assert find("tempo") == program


def test_an_installed_tempo_that_cannot_read_the_stacks_text_gives_way_to_the_labs_own(
    tempo_on_path: Callable[[str], Path],
) -> None:
    """A machine with a Tempo 3 can still run a stack of 2.x; for the reverse the lab has no Tempo 3."""
    tempo_on_path("3.0.3")
    assert tempo_inside(2) == BUILT_TEMPO
    assert unfit_programs(2) == {"tempo": "the stack is written for 2.x"}
    program = tempo_on_path("2.10.8")
    assert tempo_inside(3) == f"2.10.8 ({program})"
    assert unfit_programs(3) == {}


def _names_in(archive: Path, folder: Path) -> set[str]:
    """Return the paths in an image's layer, which is the largest of the archive's blobs."""
    with tarfile.open(archive) as tar:
        largest = max(tar.getmembers(), key=lambda member: member.size)
        tar.extract(largest, folder, filter="data")
        with tarfile.open(folder / largest.name) as layer:
            return set(layer.getnames())
