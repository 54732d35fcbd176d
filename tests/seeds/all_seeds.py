"""Every seed, from the modules of this package."""

import importlib
import pkgutil
from functools import cache

from tests import seeds
from tests.seeds.seed import Seed


@cache
def all_seeds() -> tuple[Seed, ...]:
    """Return the seeds of every module that has `SEEDS`; AssertionError if two have the same name."""
    modules = [
        importlib.import_module(f"tests.seeds.{each.name}") for each in pkgutil.iter_modules(seeds.__path__)
    ]
    found = [seed for module in modules for seed in getattr(module, "SEEDS", ())]
    assert len({seed.name for seed in found}) == len(found), "two seeds have the same name"
    return tuple(found)
