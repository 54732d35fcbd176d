"""The service in Python: Flask on waitress, instrumented by `opentelemetry-instrument`."""

import importlib.metadata
import platform
from pathlib import Path

from bench.overhead.language import BARE, ORDER, PLAIN, SERVICES, TRACED, Language, Launch, Prepared
from lab.progress import Progress
from lab.toolchain.python_environment import locked_python

_FOLDER = SERVICES / "python"
# An order takes two, its own and that of the stock: with four, the default, they would wait for each other.
_THREADS = 32


def _prepare(progress: Progress) -> Prepared:
    bin_folder = locked_python("overhead-python", _FOLDER / "requirements.lock", progress).parent
    serve = [str(bin_folder / "waitress-serve"), "--listen={listen}", f"--threads={_THREADS}", "shop:app"]
    environment = {"PYTHONPATH": str(_FOLDER), "PYTHONDONTWRITEBYTECODE": "1"}
    return Prepared(
        {
            PLAIN: Launch(serve, environment),
            TRACED: Launch([str(bin_folder / "opentelemetry-instrument"), *serve], environment),
        },
        _versions(bin_folder.parent),
    )


def _versions(environment: Path) -> str:
    found = {
        each.name.lower(): each.version
        for packages in environment.glob("lib/python*/site-packages")
        for each in importlib.metadata.distributions(path=[str(packages)])
    }
    names = ("flask", "waitress", "opentelemetry-distro", "opentelemetry-sdk")
    return ", ".join([f"CPython {platform.python_version()}", *(f"{name} {found[name]}" for name in names)])


PYTHON = Language(
    name="Python",
    rounds=24,
    spans={ORDER: 3, BARE: 1},
    advice="`OTEL_PYTHON_EXCLUDED_URLS` keeps probes and other calls that nobody looks at from making spans",
    prepare=_prepare,
)
