"""Set the clock of one running process, and of no other, ahead or back.

A time namespace has no other wall clock, and libraries that are loaded before a program (libfaketime) have no
effect on programs in Go. So the function by which the kernel lends every process its clock (`clock_gettime` of the
vDSO) is replaced in the memory of that process: its first instruction jumps to code in the unused end of the page.
"""

import ctypes
import os
import platform
import re
import signal
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_MAPPING = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) .*\[vdso\]$", re.MULTILINE)
_JUMP = struct.Struct("<Bi")
_JUMP_CODE = 0xE9
_TRIES = 50
_TRY_SECONDS = 0.02
# So often a process's clock is set: ahead and behind, and both once more.
_BLOCKS = 4


@dataclass(frozen=True)
class Vdso:
    """Where the kernel has put its functions in a process: begin, end, and the address of `clock_gettime`."""

    begin: int
    end: int
    clock_gettime: int


def shifted_clock(seconds: int) -> bytes:
    """Return code for x86-64 that asks the kernel for a clock, and adds seconds to the wall clock's answer."""
    return b"".join(
        (
            b"\xb8\xe4\x00\x00\x00",  # mov eax, 228 (clock_gettime)
            b"\x0f\x05",  # syscall
            b"\x85\xc0\x75\x0b",  # test eax, eax; jnz to the end
            b"\x85\xff\x75\x07",  # test edi, edi (0: CLOCK_REALTIME); jnz to the end
            b"\x48\x81\x06" + struct.pack("<i", seconds),  # add qword [rsi], seconds
            b"\xc3",  # ret
        )
    )


@contextmanager
def clock_off(process: int, seconds: int) -> Iterator[None]:
    """Set a process's wall clock ahead (or back, if negative) inside the block; timers are as before.

    Only on x86-64, as root. A process that is started anew meanwhile has the true clock.
    """
    assert platform.machine() == "x86_64", "only the code for x86-64 is known here"
    found = _vdso(process)
    code = shifted_clock(seconds)
    room = _room(process, found, len(code))
    before = _read(process, found.clock_gettime, _JUMP.size)
    _write(process, room, code)
    jump = _JUMP.pack(_JUMP_CODE, room - found.clock_gettime - _JUMP.size)
    try:
        _replace(process, found.clock_gettime, jump)
        yield
    finally:
        # The code at the end stays: a thread may be in it.
        with suppress(ProcessLookupError, FileNotFoundError):
            _replace(process, found.clock_gettime, before)


def _room(process: int, found: Vdso, size: int) -> int:
    """Return the address of unused bytes at the end; the code of earlier blocks is behind them."""
    places = (found.end - number * size for number in range(1, _BLOCKS + 1))
    free = next((place for place in places if not any(_read(process, place, size))), None)
    assert free, "the end of the vDSO is in use"
    return free


def _vdso(process: int) -> Vdso:
    begin, end = _mapping(process)
    own_begin, _ = _mapping(os.getpid())
    # Every process has the same functions at the same distance from the begin.
    function = ctypes.cast(ctypes.CDLL("linux-vdso.so.1").__vdso_clock_gettime, ctypes.c_void_p).value
    assert function
    return Vdso(begin, end, begin + function - own_begin)


def _mapping(process: int) -> tuple[int, int]:
    found = _MAPPING.search(Path(f"/proc/{process}/maps").read_text(encoding="utf-8"))
    assert found, f"process {process} has no vDSO"
    return int(found[1], 16), int(found[2], 16)


def _replace(process: int, address: int, code: bytes) -> None:
    """Replace instructions while the process is stopped and no thread is in the middle of them."""
    for _ in range(_TRIES):
        os.kill(process, signal.SIGSTOP)
        try:
            if all(at is not None and not address < at < address + len(code) for at in _instructions(process)):
                _write(process, address, code)
                return
        finally:
            os.kill(process, signal.SIGCONT)
        time.sleep(_TRY_SECONDS)
    raise AssertionError(f"process {process} never left the begin of clock_gettime")


def _instructions(process: int) -> list[int | None]:
    """Return the address of the instruction at which each thread has stopped; None for one that has not yet."""
    found: list[int | None] = []
    for thread in Path(f"/proc/{process}/task").iterdir():
        # A thread may have ended since.
        with suppress(FileNotFoundError, ProcessLookupError):
            words = (thread / "syscall").read_text(encoding="utf-8").split()
            found.append(None if words[0] == "running" else int(words[-1], 16))
    return found


def _read(process: int, address: int, size: int) -> bytes:
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        memory.seek(address)
        return memory.read(size)


def _write(process: int, address: int, code: bytes) -> None:
    with Path(f"/proc/{process}/mem").open("r+b", buffering=0) as memory:
        memory.seek(address)
        memory.write(code)
