"""Whether a program runs in a container image that holds nothing but it, read from its first bytes."""

import platform
import struct
from pathlib import Path

# Both are written as 64-bit little-endian files; the number is ELF's own of the processor.
_MACHINES = {"x86_64": 62, "aarch64": 183}
_MAGIC = b"\x7fELF"
_64_BIT_LITTLE_ENDIAN = b"\x02\x01"
_HEADER_BYTES = 64
# A program header of this type names the loader of shared libraries.
_PT_INTERP = 3


def why_not_alone(program: Path) -> str:
    """Return why a program does not run in an image of this machine's kind without libraries; "" if it does."""
    with program.open("rb") as file:
        header = file.read(_HEADER_BYTES)
        if not header.startswith(_MAGIC) or len(header) < _HEADER_BYTES:
            return "it is a script, and the image has no shell"
        if header[4:6] != _64_BIT_LITTLE_ENDIAN or _field("<H", header, 18) != _MACHINES.get(platform.machine()):
            return "it is made for another processor"
        size, count = _field("<H", header, 54), _field("<H", header, 56)
        file.seek(_field("<Q", header, 32))
        table = file.read(size * count)
    types = [_field("<I", table, start) for start in range(0, len(table) - 3, size)] if size else []
    return "it needs shared libraries, and the image has none" if _PT_INTERP in types else ""


def _field(form: str, data: bytes, offset: int) -> int:
    return int(struct.unpack_from(form, data, offset)[0])
