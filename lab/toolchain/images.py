"""Write one-layer OCI image archives from files on this machine, the same bytes for the same inputs.

Owns the archive format only: callers decide which binaries go into which image, and `lab.node` loads archives.
"""

import hashlib
import io
import json
import os
import platform
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from lab.errors import LabError

# The user of Grafana's and the collector's own images; restricted Pods must not run as root.
_USER = 10001
# Where Debian, Ubuntu and Alpine keep the trusted certificates; Go looks here first.
CA_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
_GO_ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}
_LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar"
_MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
_CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
_NAME_ANNOTATION = "io.containerd.image.name"
_BASE_FOLDERS = ("bin", "etc", "etc/ssl", "etc/ssl/certs", "tmp", "usr", "usr/bin", "var", "var/tmp")
_WORLD_WRITABLE = frozenset({"tmp", "var/tmp"})


def build(
    ref: str,
    files: Mapping[str, Path],
    entrypoint: Sequence[str],
    archive: Path,
    *,
    links: Mapping[str, str] | None = None,
) -> Path:
    """Write the image `ref` to `archive` and return its path; nothing is written when no input changed.

    `files` maps absolute paths in the image to files here, `links` absolute paths to symbolic links' targets.
    The image also gets `/etc/passwd` with `root` and `nonroot` (10001), a world-writable `/tmp`, and the trusted
    certificates of this machine, if any. Raises LabError when a source is missing.
    """
    links = links or {}
    for to, source in files.items():
        if not source.is_file():
            raise LabError(f"The image {ref} needs {to} from {source}, which does not exist.", "Run `make tools`.")
    note = archive.with_suffix(".inputs")
    fingerprint = _fingerprint(ref, files, entrypoint, links)
    if archive.exists() and note.exists() and note.read_text(encoding="utf-8") == fingerprint:
        return archive
    archive.parent.mkdir(parents=True, exist_ok=True)
    partial = archive.with_suffix(".partial")
    # The layer goes through a file, because it holds binaries of 120 MB, too much for memory.
    with tempfile.TemporaryFile(dir=archive.parent) as layer, tarfile.open(partial, "w") as tar:
        _write_layer(layer, files, links)
        _fill_archive(tar, ref, entrypoint, layer)
    partial.replace(archive)
    note.write_text(fingerprint, encoding="utf-8")
    return archive


def describe(archive: Path) -> tuple[str, str]:
    """Read an archive made by `build`; LabError when it is damaged.

    Returns the reference that Pods name, and the digest of the manifest.
    """
    try:
        with tarfile.open(archive) as tar:
            index = tar.extractfile("index.json")
            entry = json.load(index)["manifests"][0] if index else {}
        return entry["annotations"][_NAME_ANNOTATION], entry["digest"]
    except (OSError, tarfile.TarError, ValueError, KeyError) as error:
        raise LabError(f"{archive} is not an image archive ({error}).", f"Delete it: rm {archive}") from error


def _fingerprint(ref: str, files: Mapping[str, Path], entrypoint: Sequence[str], links: Mapping[str, str]) -> str:
    """Identify everything that decides an archive's bytes without reading it: names, sizes and times of change."""
    identities = {to: _identity(source) for to, source in files.items()}
    certificates = _identity(CA_CERTIFICATES) if CA_CERTIFICATES.exists() else None
    known = [ref, identities, list(entrypoint), dict(links), _USER, certificates]
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()


def _identity(source: Path) -> list[object]:
    stat = source.stat()
    return [str(source), stat.st_size, stat.st_mtime_ns]


def _fill_archive(tar: tarfile.TarFile, ref: str, entrypoint: Sequence[str], layer_file: IO[bytes]) -> None:
    layer = _add_blob(tar, _LAYER_TYPE, layer_file)
    config = {
        "architecture": _GO_ARCHITECTURE.get(platform.machine(), platform.machine()),
        "os": "linux",
        "config": {
            "Entrypoint": list(entrypoint),
            "Env": ["PATH=/usr/bin:/bin"],
            "User": str(_USER),
            "WorkingDir": "/",
        },
        "rootfs": {"type": "layers", "diff_ids": [layer["digest"]]},
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": _MANIFEST_TYPE,
        "config": _add_blob(tar, _CONFIG_TYPE, io.BytesIO(_json(config))),
        "layers": [layer],
    }
    entry = _add_blob(tar, _MANIFEST_TYPE, io.BytesIO(_json(manifest)))
    entry["annotations"] = {_NAME_ANNOTATION: ref}
    _add(tar, "index.json", _json({"schemaVersion": 2, "manifests": [entry]}))
    _add(tar, "oci-layout", b'{"imageLayoutVersion":"1.0.0"}')


def _add_blob(tar: tarfile.TarFile, media_type: str, data: IO[bytes]) -> dict[str, Any]:
    """Add a blob under its digest; return the descriptor that refers to it."""
    data.seek(0)
    digest = hashlib.file_digest(data, "sha256").hexdigest()  # type: ignore[arg-type]
    size = _add_stream(tar, f"blobs/sha256/{digest}", data)
    return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": size}


def _write_layer(layer: IO[bytes], files: Mapping[str, Path], links: Mapping[str, str]) -> None:
    with tarfile.open(fileobj=layer, mode="w") as tar:
        _add_base(tar, [*files, *links])
        for to, source in sorted(files.items()):
            _add_file(tar, to, source)
        for name, target in sorted(links.items()):
            info = _entry(name.lstrip("/"), mode=0o777)
            info.type, info.linkname = tarfile.SYMTYPE, target
            tar.addfile(info)


def _add_base(tar: tarfile.TarFile, paths: Sequence[str]) -> None:
    """Add what every image has, and the folders of these paths."""
    parents = {str(parent) for path in paths for parent in Path(path.lstrip("/")).parents} - {"."}
    for folder in sorted({*_BASE_FOLDERS, *parents}):
        info = _entry(folder, mode=0o1777 if folder in _WORLD_WRITABLE else 0o755)
        info.type = tarfile.DIRTYPE
        tar.addfile(info)
    nonroot = f"nonroot:x:{_USER}"
    _add(tar, "etc/group", f"root:x:0:\n{nonroot}:\n".encode())
    _add(tar, "etc/nsswitch.conf", b"hosts: files dns\n")
    _add(tar, "etc/passwd", f"root:x:0:0::/:\n{nonroot}:{_USER}::/tmp:\n".encode())
    if CA_CERTIFICATES.is_file():
        _add_file(tar, "/etc/ssl/certs/ca-certificates.crt", CA_CERTIFICATES)


def _entry(name: str, mode: int = 0o644) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.mode = mode
    return info


def _add_file(tar: tarfile.TarFile, to: str, source: Path) -> None:
    with source.open("rb") as data:
        _add_stream(tar, to.lstrip("/"), data, mode=0o755 if os.access(source, os.X_OK) else 0o644)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    _add_stream(tar, name, io.BytesIO(content))


def _add_stream(tar: tarfile.TarFile, name: str, data: IO[bytes], mode: int = 0o644) -> int:
    info = _entry(name, mode)
    info.size = data.seek(0, io.SEEK_END)
    data.seek(0)
    tar.addfile(info, data)
    return info.size


def _json(document: object) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
