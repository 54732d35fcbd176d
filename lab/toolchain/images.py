"""Write one-layer OCI image archives from files on this machine, the same bytes for the same inputs.

Owns the archive format only. Which binaries go into which image is the caller's
business; bringing an archive into a node is `lab.node`'s.
"""

import hashlib
import io
import json
import os
import platform
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from lab.errors import LabError

# The user that Grafana's and the collector's own images run as; restricted Pods must not be root.
DEFAULT_USER = 10001
# Where Debian, Ubuntu and Alpine keep the trusted certificates; Go looks here first.
CA_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
_GO_ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}
_LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar"
_MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
_CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
_NAME_ANNOTATION = "io.containerd.image.name"
_BASE_FOLDERS = ("bin", "etc", "etc/ssl", "etc/ssl/certs", "tmp", "usr", "usr/bin", "var", "var/tmp")
_WORLD_WRITABLE = frozenset({"tmp", "var/tmp"})
# Read and written in pieces of this many bytes, so that a 120 MB binary never sits in memory.
_PIECE = 1 << 20


@dataclass(frozen=True)
class Image:
    """What an archive holds: the reference that Pods name, and the digest of its manifest."""

    ref: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class _Recipe:
    """Everything that decides the bytes of an archive."""

    ref: str
    files: Mapping[str, Path]
    entrypoint: Sequence[str]
    links: Mapping[str, str] = field(default_factory=dict)
    user: int = DEFAULT_USER

    def fingerprint(self) -> str:
        """Identify the inputs without reading them: names, sizes and times of change."""
        files = {to: _identity(source) for to, source in self.files.items()}
        certificates = _identity(CA_CERTIFICATES) if CA_CERTIFICATES.exists() else None
        known = [self.ref, files, list(self.entrypoint), dict(self.links), self.user, certificates]
        return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()


def build(  # noqa: PLR0913 - an image has this many independent parts
    ref: str,
    files: Mapping[str, Path],
    entrypoint: Sequence[str],
    archive: Path,
    *,
    links: Mapping[str, str] | None = None,
    user: int = DEFAULT_USER,
) -> Path:
    """Write the image `ref` to `archive` and return its path; nothing is written when no input changed.

    `files` maps absolute paths in the image to files here, `links` absolute paths
    to the targets of symbolic links. The image also gets `/etc/passwd` with `root`
    and `nonroot` (10001), a world-writable `/tmp`, and this machine's trusted
    certificates if it has them. Raises LabError when a source is missing.
    """
    recipe = _Recipe(ref=ref, files=files, entrypoint=entrypoint, links=links or {}, user=user)
    for to, source in files.items():
        if not source.is_file():
            raise LabError(f"The image {ref} needs {to} from {source}, which is no file.", "Run `make tools`.")
    note = archive.with_suffix(".inputs")
    fingerprint = recipe.fingerprint()
    if archive.exists() and note.exists() and note.read_text(encoding="utf-8") == fingerprint:
        return archive
    archive.parent.mkdir(parents=True, exist_ok=True)
    partial = archive.with_suffix(".partial")
    with partial.open("wb") as out:
        _write_archive(out, recipe)
    partial.replace(archive)
    note.write_text(fingerprint, encoding="utf-8")
    return archive


def describe(archive: Path) -> Image:
    """Read reference and digest from an archive made by `build`; LabError when it is damaged."""
    try:
        with tarfile.open(archive) as tar:
            index = tar.extractfile("index.json")
            entry = json.load(index)["manifests"][0] if index else {}
        return Image(ref=entry["annotations"][_NAME_ANNOTATION], digest=entry["digest"])
    except (OSError, tarfile.TarError, ValueError, KeyError) as error:
        raise LabError(f"{archive} is no image archive ({error}).", f"Delete it: rm {archive}") from error


def _identity(source: Path) -> list[object]:
    stat = source.stat()
    return [str(source), stat.st_size, stat.st_mtime_ns]


def _write_archive(out: IO[bytes], recipe: _Recipe) -> None:
    layer_digest, layer_size = _write_layer(out, recipe)
    config = _json(_config(recipe, layer_digest))
    layer = {"mediaType": _LAYER_TYPE, "digest": layer_digest, "size": layer_size}
    manifest = _json(
        {
            "schemaVersion": 2,
            "mediaType": _MANIFEST_TYPE,
            "config": {"mediaType": _CONFIG_TYPE, "digest": _digest(config), "size": len(config)},
            "layers": [layer],
        }
    )
    entry = {"mediaType": _MANIFEST_TYPE, "digest": _digest(manifest), "size": len(manifest)}
    entry["annotations"] = {_NAME_ANNOTATION: recipe.ref}
    with tarfile.open(fileobj=out, mode="w") as tar:
        _add_bytes(tar, _blob_name(_digest(config)), config)
        _add_bytes(tar, _blob_name(_digest(manifest)), manifest)
        _add_bytes(tar, "index.json", _json({"schemaVersion": 2, "manifests": [entry]}))
        _add_bytes(tar, "oci-layout", b'{"imageLayoutVersion":"1.0.0"}')


def _write_layer(out: IO[bytes], recipe: _Recipe) -> tuple[str, int]:
    """Write the layer as the archive's first entry; its name, a digest, is filled in afterwards."""
    out.write(bytes(tarfile.BLOCKSIZE))
    sink = _Hashing(out)
    with tarfile.open(fileobj=sink, mode="w|", bufsize=_PIECE) as tar:  # type: ignore[call-overload]
        _fill_layer(tar, recipe)
    header = _entry(_blob_name(sink.digest()))
    header.size = sink.size
    # Tar pads the layer to a multiple of its record size, so no padding is due here.
    out.seek(0)
    out.write(header.tobuf(tarfile.GNU_FORMAT))
    out.seek(0, io.SEEK_END)
    return sink.digest(), sink.size


def _fill_layer(tar: tarfile.TarFile, recipe: _Recipe) -> None:
    for folder in sorted({*_BASE_FOLDERS, *_parents(recipe)}):
        info = _entry(folder, mode=0o1777 if folder in _WORLD_WRITABLE else 0o755)
        info.type = tarfile.DIRTYPE
        tar.addfile(info)
    nonroot = f"nonroot:x:{DEFAULT_USER}"
    _add_bytes(tar, "etc/group", f"root:x:0:\n{nonroot}:\n".encode())
    _add_bytes(tar, "etc/nsswitch.conf", b"hosts: files dns\n")
    _add_bytes(tar, "etc/passwd", f"root:x:0:0::/:\n{nonroot}:{DEFAULT_USER}::/tmp:\n".encode())
    if CA_CERTIFICATES.is_file():
        _add_file(tar, "etc/ssl/certs/ca-certificates.crt", CA_CERTIFICATES)
    for to, source in sorted(recipe.files.items()):
        _add_file(tar, to.lstrip("/"), source)
    for name, target in sorted(recipe.links.items()):
        info = _entry(name.lstrip("/"), mode=0o777)
        info.type, info.linkname = tarfile.SYMTYPE, target
        tar.addfile(info)


def _parents(recipe: _Recipe) -> set[str]:
    paths = [Path(to.lstrip("/")) for to in (*recipe.files, *recipe.links)]
    return {str(parent) for path in paths for parent in path.parents} - {"."}


def _config(recipe: _Recipe, layer_digest: str) -> dict[str, Any]:
    return {
        "architecture": _GO_ARCHITECTURE.get(platform.machine(), platform.machine()),
        "os": "linux",
        "config": {
            "Entrypoint": list(recipe.entrypoint),
            "Env": ["PATH=/usr/bin:/bin"],
            "User": str(recipe.user),
            "WorkingDir": "/",
        },
        "rootfs": {"type": "layers", "diff_ids": [layer_digest]},
    }


def _entry(name: str, mode: int = 0o644) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.mode = mode
    return info


def _add_bytes(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = _entry(name)
    info.size = len(data)
    tar.addfile(info, io.BytesIO(data))


def _add_file(tar: tarfile.TarFile, name: str, source: Path) -> None:
    info = _entry(name, mode=0o755 if os.access(source, os.X_OK) else 0o644)
    info.size = source.stat().st_size
    with source.open("rb") as data:
        tar.addfile(info, data)


def _json(document: object) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def _digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _blob_name(digest: str) -> str:
    return "blobs/" + digest.replace(":", "/")


class _Hashing:
    """A write-only stream that counts and hashes what passes."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        self.size += len(data)
        return self._out.write(data)

    def digest(self) -> str:
        return "sha256:" + self._hash.hexdigest()
