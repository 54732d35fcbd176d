import pytest

from lab.monitoring.exposition import samples, total

_PAGE = """\
# HELP sent_total Spans that were sent.
# TYPE sent_total counter
sent_total{exporter="a",reason="no \\"room\\", sorry"} 2
sent_total{exporter="b",reason="none"} 1.5e1
# TYPE sent_total_bytes gauge
sent_total_bytes 7
"""


def test_a_metric_is_summed_over_its_series_alone() -> None:
    assert total(samples(_PAGE), "sent_total") == 17


def test_labels_choose_the_series_by_their_whole_values() -> None:
    found = samples(_PAGE)
    assert total(found, "sent_total", exporter="a", reason='no "room", sorry') == 2
    assert total(found, "sent_total", reason="no") == 0


def test_what_is_no_page_of_metrics_is_an_error() -> None:
    with pytest.raises(ValueError, match="here"):
        samples("nothing here to scrape")
