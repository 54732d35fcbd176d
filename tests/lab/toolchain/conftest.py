from collections.abc import Callable
from pathlib import Path

import pytest

from lab.toolchain import build
from lab.toolchain import queue as build_queue
from lab.toolchain.tools import Tool
from tests.support.builds import FAKE_GO
from tests.support.executables import script


@pytest.fixture
def declare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Replace the catalogue and Go; the returned function declares the tools."""
    monkeypatch.setenv("FAWKES_CACHE_DIR", str(tmp_path / "cache"))
    modules = tmp_path / "modules"
    (modules / "all").mkdir(parents=True)
    (modules / "all" / "go.mod").write_text("module all\n", encoding="utf-8")
    monkeypatch.setattr(build, "MODULES", modules)
    go = script(tmp_path / "go", FAKE_GO.format(folder=tmp_path))
    monkeypatch.setattr(build_queue, "find_go", lambda _notice: go)

    def replace(*tools: Tool) -> None:
        build._recipe_hash.cache_clear()
        for module in (build, build_queue):
            monkeypatch.setattr(module, "TOOLS", {tool.name: tool for tool in tools})

    return replace
