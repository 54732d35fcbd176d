"""The most memory that a process has held."""

from pathlib import Path

# Written to `clear_refs`, it makes the kernel forget the most that a process has held.
_FORGET_PEAK = "5"


def forget_peak(process: int) -> None:
    """Let the peak of a process begin with what it holds now; OSError when there is no such process."""
    Path(f"/proc/{process}/clear_refs").write_text(_FORGET_PEAK, encoding="utf-8")


def peak_bytes(process: int) -> int:
    """Return the most memory that a process has held; OSError when there is no such process."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024
