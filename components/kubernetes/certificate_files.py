"""Certificates of a Pod: one read-only folder with keys of several Secrets."""

from collections.abc import Iterator, Sequence

from pulumi_kubernetes.core import v1 as core

from render.certificates import SecretFile
from render.tls import TLS_FOLDER

_VOLUME = "certificates"
# Readable by the Pod's group, which the kubelet makes the files' own; by nobody else.
_MODE = 0o440


def certificate_volumes(files: Sequence[SecretFile]) -> Iterator[core.VolumeArgs]:
    """Yield the volume with the files, none without files.

    The kubelet starts no container before every key is there, and replaces all files at once when a Secret
    changes.
    """
    if files:
        sources = [_source(secret, files) for secret in dict.fromkeys(one.secret for one in files)]
        yield core.VolumeArgs(
            name=_VOLUME, projected=core.ProjectedVolumeSourceArgs(default_mode=_MODE, sources=sources)
        )


def certificate_mounts(files: Sequence[SecretFile]) -> Iterator[core.VolumeMountArgs]:
    """Yield the mount of that volume, none without files."""
    if files:
        yield core.VolumeMountArgs(name=_VOLUME, mount_path=TLS_FOLDER, read_only=True)


def _source(secret: str, files: Sequence[SecretFile]) -> core.VolumeProjectionArgs:
    items = [core.KeyToPathArgs(key=one.key, path=one.file) for one in files if one.secret == secret]
    return core.VolumeProjectionArgs(secret=core.SecretProjectionArgs(name=secret, items=items))
