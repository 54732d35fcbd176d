"""One case for each alert: the series of a fault, and what fires. One file for each group of rules."""

from collections.abc import Mapping

from tests.support.alert_cases import queues
from tests.support.alert_cases.case import Case

CASES: Mapping[str, Case] = {**queues.CASES}
