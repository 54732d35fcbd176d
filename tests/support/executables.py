"""The smallest real executables: they print a string, exit, and need only a kernel."""

import platform
import struct
from pathlib import Path

_BASE = 0x400000
# A loader is mapped beside the program that names it, so it needs addresses of its own.
_LOADER_BASE = 0x10000000
_HEADER_BYTES, _PROGRAM_HEADER_BYTES = 64, 56
_PT_LOAD, _PT_INTERP = 1, 3
_READ_AND_EXECUTE = 5
_MACHINES = {"x86_64": 62, "aarch64": 183}


def static_program(path: Path, prints: str, *, machine: int | None = None) -> Path:
    """Write an executable that prints a string; `machine` overrides the processor in its header."""
    return _written(path, _executable(prints.encode(), _BASE, machine=machine))


def dynamic_program(path: Path, prints: str) -> Path:
    """Write an executable that needs a loader, like a dynamically linked one."""
    loader = _written(path.with_suffix(".loader"), _executable(prints.encode(), _LOADER_BASE))
    return _written(path, _executable(b"", _BASE, loader=str(loader).encode() + b"\0"))


def script(path: Path, text: str) -> Path:
    """Write a shell script."""
    return _written(path, f"#!/bin/sh\n{text}\n".encode())


def _written(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o755)
    return path


def _executable(text: bytes, base: int, *, loader: bytes = b"", machine: int | None = None) -> bytes:
    """Return an ELF file: header, program headers, the loader's path, code and text, all mapped as one piece."""
    count = 2 if loader else 1
    headers = _HEADER_BYTES + count * _PROGRAM_HEADER_BYTES
    code = _code(text)
    start = headers + len(loader)
    start += -start % 4
    size = start + len(code)
    table = _program_header(_PT_INTERP, base, headers, len(loader)) if loader else b""
    table += _program_header(_PT_LOAD, base, 0, size)
    return b"".join(
        [
            b"\x7fELF\x02\x01\x01".ljust(16, b"\0"),
            struct.pack("<HHIQQQ", 2, machine or _MACHINES[platform.machine()], 1, base + start, 64, 0),
            struct.pack("<IHHHHHH", 0, _HEADER_BYTES, _PROGRAM_HEADER_BYTES, count, 0, 0, 0),
            (table + loader).ljust(start - _HEADER_BYTES, b"\0"),
            code,
        ]
    )


def _program_header(kind: int, base: int, offset: int, size: int) -> bytes:
    address = base + offset
    return struct.pack("<IIQQQQQQ", kind, _READ_AND_EXECUTE, offset, address, address, size, size, 0x1000)


def _code(text: bytes) -> bytes:
    """Return write(1, text) and exit(0), followed by the text."""
    if platform.machine() == "x86_64":
        code = (
            b"\xb8" + struct.pack("<I", 1)  # mov eax, write
            + b"\xbf" + struct.pack("<I", 1)  # mov edi, 1
            + b"\x48\x8d\x35" + struct.pack("<i", 16)  # lea rsi, [rip + 16]: what follows the code
            + b"\xba" + struct.pack("<I", len(text))  # mov edx, length
            + b"\x0f\x05"  # syscall
            + b"\xb8" + struct.pack("<I", 60)  # mov eax, exit
            + b"\x31\xff\x0f\x05"  # xor edi, edi; syscall
        )  # fmt: skip
        return code + text
    words = [
        0xD2800020,  # mov x0, 1
        0x100000E1,  # adr x1, 28 bytes on: what follows the code
        0xD2800002 | len(text) << 5,  # mov x2, length
        0xD2800808,  # mov x8, write
        0xD4000001,  # svc 0
        0xD2800000,  # mov x0, 0
        0xD2800BA8,  # mov x8, exit
        0xD4000001,  # svc 0
    ]
    return struct.pack(f"<{len(words)}I", *words) + text
