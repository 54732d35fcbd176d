"""One case for each alert: the series of a fault, and what fires."""

from collections.abc import Mapping

from tests.support.alert_cases import (
    collectors,
    masking,
    platform,
    processes,
    queues,
    sampling,
    store,
    synthetic,
    targets,
    tempo,
    writers,
)
from tests.support.alert_cases.case import Case

_MODULES = (targets, processes, collectors, queues, sampling, masking, tempo, writers, store, synthetic, platform)
CASES: Mapping[str, Case] = {name: case for module in _MODULES for name, case in module.CASES.items()}
