import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest

from lab.errors import LabError
from lab.progress import Progress
from lab.toolchain import queue as build_queue
from lab.toolchain.build import find
from lab.toolchain.queue import BuildQueue
from tests.support.builds import builds, ensure, tool
from tests.support.waiting import eventually


def test_the_queue_builds_in_the_given_order(
    declare: Callable[..., None], progress: Progress, tmp_path: Path
) -> None:
    """The node's tools come first, so that it starts while the rest is compiled."""
    declare(tool("alpha"), tool("beta"), tool("gamma"))
    with BuildQueue(progress, ["gamma", "alpha", "beta"]) as queue:
        assert queue.wait("beta").read_text(encoding="utf-8") == "./beta\n"
    assert [call.rpartition(" ")[2] for call in builds(tmp_path)] == ["./gamma", "./alpha", "./beta"]


def test_a_download_that_fails_once_is_tried_again(
    declare: Callable[..., None], progress: Progress, tmp_path: Path
) -> None:
    """A dropped connection must not fail a build of a quarter of an hour."""
    declare(tool("alpha"))
    (tmp_path / "unreachable").touch()
    assert ensure("alpha", progress).is_file()


def test_a_download_that_keeps_failing_is_one_clear_error(
    declare: Callable[..., None], progress: Progress, tmp_path: Path
) -> None:
    """It names what to check instead of retrying forever."""
    declare(tool("alpha"))
    (tmp_path / "unreachable").mkdir()
    with pytest.raises(LabError, match="no such host") as error:
        ensure("alpha", progress)
    assert "GOPROXY" in error.value.fix
    assert (tmp_path / "calls").read_text(encoding="utf-8").count("list") == 3


def test_one_failed_tool_does_not_stop_the_others(declare: Callable[..., None], progress: Progress) -> None:
    """The next run need not build the others again."""
    declare(tool("broken"), tool("beta"))
    with BuildQueue(progress, ["broken", "beta"]) as queue:
        assert queue.wait("beta").is_file()
        with pytest.raises(LabError, match="broken on purpose"):
            queue.wait("broken")


def test_a_queue_with_nothing_to_build_needs_no_go(
    declare: Callable[..., None], progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine with a filled cache may have lost its Go."""
    declare(tool("alpha"))
    ensure("alpha", progress)
    monkeypatch.setattr(build_queue, "find_go", lambda _notice: pytest.fail("looked for Go"))
    with BuildQueue(progress, ["alpha"]) as queue:
        assert queue.wait("alpha").is_file()


def test_leaving_the_queue_early_ends_the_build(
    declare: Callable[..., None], progress: Progress, tmp_path: Path
) -> None:
    """Ctrl-C during `make up` must not leave compilers running for minutes."""
    declare(tool("slow"), tool("beta"))
    with BuildQueue(progress, ["slow", "beta"]):
        eventually((tmp_path / "started").exists, "the build has started", 10)
    assert find("slow") is None
    assert find("beta") is None


def test_a_second_process_waits_and_then_uses_what_the_first_built(
    declare: Callable[..., None], progress: Progress, tmp_path: Path
) -> None:
    """Two test runs started together must not compile the same tool twice."""
    declare(tool("alpha"))
    ensure("alpha", progress)
    built = find("alpha")
    assert built is not None
    hidden = built.parent.rename(tmp_path / "hidden")
    with (tmp_path / "cache" / "bin" / "build.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with BuildQueue(progress, ["alpha"]) as queue:
            eventually(lambda: "another process" in progress.steps["build alpha"].detail, "it waits", 10)
            hidden.rename(built.parent)
            fcntl.flock(lock, fcntl.LOCK_UN)
            assert queue.wait("alpha") == built
    assert len(builds(tmp_path)) == 1


def test_what_a_killed_build_left_is_cleared_away(
    declare: Callable[..., None], progress: Progress, tmp_path: Path
) -> None:
    """Otherwise a gigabyte of half-linked binaries would stay forever."""
    leftovers = [tmp_path / "cache" / name for name in ("bin/.partial-old", "go/tmp/go-build1")]
    for leftover in leftovers:
        leftover.mkdir(parents=True)
    declare(tool("alpha"))
    ensure("alpha", progress)
    assert not any(leftover.exists() for leftover in leftovers)
