"""A network of a test's own: addresses and dropped packets in it do not touch the machine's."""

import ctypes
import os
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from tests.support.tools import need_root, system_program

_Result = TypeVar("_Result")
_CLONE_NEWNET = 0x40000000


def in_own_network(addresses: Sequence[str], run: Callable[[], _Result]) -> _Result:
    """Run a function where the loopback interface with these addresses is the only one.

    Skip or fail unless root. It runs in a thread that has left the machine's network namespace. Programs that it
    starts are in the new one too, and the kernel removes it with the last of them.
    """

    def leave_and_run() -> _Result:
        _leave()
        in_network("ip", "link", "set", "lo", "up")
        for address in addresses:
            in_network("ip", "address", "add", address, "dev", "lo")
        return run()

    need_root("which alone may make a network of its own")
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(leave_and_run).result()


def in_network(program: str, *arguments: str) -> None:
    """Run a program of the system in the network of the calling thread, to its end."""
    subprocess.run([system_program(program), *arguments], check=True)


def _leave() -> None:
    """Move the calling thread into a new network namespace; `os.unshare` came with Python 3.12."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"unshare: {os.strerror(number)}")
