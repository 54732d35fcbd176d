"""Each loss that a metric counts has an alert on that metric."""

import re

import pytest

from settings.project import REPO
from tests.support.alert_cases.variants import every_alert
from tests.support.markdown import read

ALERTS = every_alert()
PAGE = read((REPO / "docs" / "loss.md").read_text(encoding="utf-8"))
LOSSES = [row for table in PAGE.tables if "alert" in table[0] for row in table[1:]]
# "The same metric of the gateway", in the row below the agent's.
_SAME = "otelcol_exporter_enqueue_failed_spans_total"


@pytest.mark.parametrize("row", LOSSES, ids=lambda row: row[0][:50])
def test_a_counted_loss_has_an_alert_on_its_metric(row: list[str]) -> None:
    _, _, counted, alert, _ = row
    metrics = re.findall(r"\b(?:otelcol|tempo|kube)_\w+", counted) or ([_SAME] if "same metric" in counted else [])
    names = re.findall(r"Tracing\w+", alert)
    expressions = " ".join(ALERTS[name].expr for name in names)
    assert [metric for metric in metrics if metric not in expressions] == []
    assert bool(names) or alert.startswith("none")
