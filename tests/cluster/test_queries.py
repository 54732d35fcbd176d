"""What dashboards, rules and documents ask returns data on the running dojo under load.

It comes before the outages, which find the windows of the SLOs filled by its load.
"""

import time

import pytest

from tests.cluster.outages import load
from tests.cluster.record_queries import answers, ask, send_recent_pipelines
from tests.support.live import LiveStack
from tests.support.query_rows import LOADED, results, rows

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(900)]

# The budgets of SLOs sample their windows at each fifth minute, and are recorded every two minutes, of rates that
# are recorded each minute: on a lab without earlier load they take 8 minutes. All else takes half a minute.
_SECONDS = 540.0
_AGAIN_SECONDS = 10


def test_every_query_that_needs_no_outage_returns_data_under_load(dojo: LiveStack) -> None:
    recorded = results()
    missing = {row.key: row for row in rows() if recorded[row.key].when == LOADED}
    assert missing
    deadline = time.monotonic() + _SECONDS
    with load(dojo):
        send_recent_pipelines(dojo)
        while missing and time.monotonic() < deadline:
            for key in ask(answers(dojo), missing.values()):
                del missing[key]
            time.sleep(_AGAIN_SECONDS)
    assert [f"{row.sources[0]}: {row.expr}" for row in missing.values()] == []
