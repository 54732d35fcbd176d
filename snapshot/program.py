"""Run the program of this repository, or any function, under the recorder."""

import json
import logging
import os
import runpy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime.settings import reset_options

from settings.loader import read_config
from settings.project import PROJECT, REPO
from snapshot.recorder import Recorder


def record(function: Callable[[], Any], config: Mapping[str, Any], stack: str) -> Recorder:
    """Call the function with this configuration and return what it registered.

    `config` is what a stack file has below `config:`. Errors of the function, and of anything it
    started, are raised.
    """
    recorder = Recorder()
    logger = logging.getLogger(PROJECT)
    pulumi.runtime.set_mocks(
        recorder.mocks, project=PROJECT, stack=stack, preview=False, monitor=recorder, logger=logger
    )
    before = os.environ.get("PULUMI_CONFIG")
    os.environ["PULUMI_CONFIG"] = json.dumps({key: _as_the_engine_says(value) for key, value in config.items()})
    try:
        pulumi.runtime.test(function)()  # type: ignore[no-untyped-call]  # the SDK's decorator is untyped
    finally:
        reset_options()
        os.environ.pop("PULUMI_CONFIG")
        if before is not None:
            os.environ["PULUMI_CONFIG"] = before
    return recorder


def record_program(config: Mapping[str, Any], stack: str) -> Recorder:
    """Run `__main__.py` with this configuration and return what it registered."""

    def program() -> None:
        runpy.run_path(str(REPO / "__main__.py"), run_name="__main__")

    return record(program, config, stack)


def stack_config(path: Path) -> dict[str, Any]:
    """Return what a stack file has below `config:`; raise `SettingsError` when there is nothing."""
    return dict(read_config(path))


def _as_the_engine_says(value: object) -> str:
    """Return a value as the engine hands it to a program: text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value)
