"""Check from a program's first bytes whether it runs in a container image that contains nothing else."""

import platform
import struct
from pathlib import Path

# ELF's number of each processor; both use 64-bit little-endian files.
_MACHINES = {"x86_64": 62, "aarch64": 183}
_MAGIC = b"\x7fELF"
_64_BIT_LITTLE_ENDIAN = b"\x02\x01"
_HEADER_BYTES = 64
# A program header of this type names the loader of shared libraries.
_PT_INTERP = 3


def why_not_alone(program: Path) -> str:
    """Return why a program cannot run without libraries on this machine's processor; "" if it can."""
    with program.open("rb") as file:
        header = file.read(_HEADER_BYTES)
        if not header.startswith(_MAGIC) or len(header) < _HEADER_BYTES:
            return "it is a script, and the image has no shell"
        (machine,) = struct.unpack_from("<H", header, 18)
        if header[4:6] != _64_BIT_LITTLE_ENDIAN or machine != _MACHINES.get(platform.machine()):
            return "it is built for another processor"
        (offset,) = struct.unpack_from("<Q", header, 32)
        size, count = struct.unpack_from("<HH", header, 54)
        file.seek(offset)
        table = file.read(size * count)
    types = [struct.unpack_from("<I", table, start)[0] for start in range(0, len(table) - 3, size or 1)]
    return "it needs shared libraries, and the image has none" if _PT_INTERP in types else ""
