import hashlib
import json
import os
import tarfile
from pathlib import Path
from typing import Any

import pytest

from lab.errors import LabError
from lab.toolchain import images


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """An executable file larger than one piece of the writer."""
    path = tmp_path / "program"
    path.write_bytes(os.urandom(3_000_001))
    path.chmod(0o755)
    return path


def build(program: Path, archive: Path, **options: Any) -> Path:
    """Build the image that most tests inspect."""
    return images.build("example.org/thing:1", {"/opt/thing": program}, ["/opt/thing"], archive, **options)


def blobs(archive: Path) -> dict[str, bytes]:
    """Return an archive's blobs by the digests in their names."""
    with tarfile.open(archive) as tar:
        members = [m for m in tar.getmembers() if m.name.startswith("blobs/sha256/")]
        return {Path(m.name).name: tar.extractfile(m).read() for m in members}  # type: ignore[union-attr]


def config_of(archive: Path) -> dict[str, Any]:
    """Follow the archive's index to the image's configuration, as a runtime does."""
    stored = blobs(archive)
    _, digest = images.describe(archive)
    manifest = json.loads(stored[digest.removeprefix("sha256:")])
    return dict(json.loads(stored[manifest["config"]["digest"].removeprefix("sha256:")]))


def layer_of(archive: Path, folder: Path) -> tarfile.TarFile:
    """Open the image's one layer."""
    (diff_id,) = config_of(archive)["rootfs"]["diff_ids"]
    layer = folder / "layer.tar"
    layer.write_bytes(blobs(archive)[diff_id.removeprefix("sha256:")])
    return tarfile.open(layer)


def test_every_blob_is_named_by_its_digest(program: Path, tmp_path: Path) -> None:
    """A runtime refuses a blob whose content does not match its name."""
    stored = blobs(build(program, tmp_path / "a.tar"))
    assert len(stored) == 3
    assert {name: hashlib.sha256(data).hexdigest() for name, data in stored.items()} == {n: n for n in stored}


def test_the_same_inputs_give_the_same_bytes(program: Path, tmp_path: Path) -> None:
    """A rebuilt image with the same content must not be imported again."""
    first = build(program, tmp_path / "a.tar").read_bytes()
    os.utime(program, (1, 1))
    assert build(program, tmp_path / "b.tar").read_bytes() == first


def test_another_binary_gives_another_digest(program: Path, tmp_path: Path) -> None:
    """Otherwise a new build would never reach the node."""
    archive = build(program, tmp_path / "a.tar")
    ref, before = images.describe(archive)
    program.write_bytes(b"new")
    assert ref == "example.org/thing:1"
    new_ref, after = images.describe(build(program, archive))
    assert new_ref == ref
    assert after != before


def test_an_archive_whose_inputs_did_not_change_is_left_alone(program: Path, tmp_path: Path) -> None:
    """Hashing hundreds of megabytes would take most of the time of every start."""
    archive = build(program, tmp_path / "a.tar")
    written = archive.stat().st_mtime_ns
    build(program, archive)
    assert archive.stat().st_mtime_ns == written


def test_a_changed_entrypoint_is_written_although_no_file_changed(program: Path, tmp_path: Path) -> None:
    """The shortcut must compare everything that decides the image."""
    archive = build(program, tmp_path / "a.tar")
    images.build("example.org/thing:1", {"/opt/thing": program}, ["/opt/thing", "-v"], archive)
    assert config_of(archive)["config"]["Entrypoint"] == ["/opt/thing", "-v"]


def test_a_missing_file_is_named_and_no_archive_is_left(tmp_path: Path) -> None:
    """Half an archive under the final name would be imported by the next run."""
    archive = tmp_path / "a.tar"
    with pytest.raises(LabError, match=r"/opt/missing from .* which does not exist"):
        images.build("x:1", {"/opt/missing": tmp_path / "missing"}, ["/x"], archive)
    assert not archive.exists()


def test_the_image_runs_without_root_and_has_what_go_programs_expect(program: Path, tmp_path: Path) -> None:
    """Restricted Pods reject an image whose user is root."""
    archive = build(program, tmp_path / "a.tar", links={"/bin/sh": "/opt/thing"})
    assert config_of(archive)["config"]["User"] == "10001"
    with layer_of(archive, tmp_path) as layer:
        found = {member.name: member for member in layer.getmembers()}
        assert layer.extractfile("opt/thing").read() == program.read_bytes()  # type: ignore[union-attr]
        assert b"nonroot:x:10001:10001:" in layer.extractfile("etc/passwd").read()  # type: ignore[union-attr]
    assert found["opt/thing"].mode == 0o755
    assert found["tmp"].mode == 0o1777
    assert found["opt"].isdir()
    assert found["bin/sh"].linkname == "/opt/thing"


def test_certificates_of_this_machine_are_in_the_image_if_it_has_them(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Programs that speak TLS to real endpoints need them; a machine without them must still build."""
    bundle = tmp_path / "bundle.crt"
    monkeypatch.setattr(images, "CA_CERTIFICATES", bundle)
    with layer_of(build(program, tmp_path / "without.tar"), tmp_path) as layer:
        assert "etc/ssl/certs/ca-certificates.crt" not in layer.getnames()
    bundle.write_text("certificates", encoding="utf-8")
    with layer_of(build(program, tmp_path / "with.tar"), tmp_path) as layer:
        assert "etc/ssl/certs/ca-certificates.crt" in layer.getnames()


def test_a_damaged_archive_is_named_with_the_way_out(tmp_path: Path) -> None:
    """A full disk can leave one behind."""
    archive = tmp_path / "damaged.tar"
    archive.write_bytes(b"no tar")
    with pytest.raises(LabError, match=f"rm {archive}"):
        images.describe(archive)
