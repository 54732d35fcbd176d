"""Series of the agents' span metrics: bounded by settings, and refused beyond what Prometheus and agents bear."""

import pytest
from hypothesis import given

from plan.limits import checked_plan
from plan.span_metrics import (
    BYTES_PER_LABEL_SET,
    SERIES_PER_LABEL_SET,
    agent_span_metrics_mib,
    span_metrics_series,
)
from render.collectors.agent import agent_config
from settings.problems import SettingsError
from settings.stack import StackSettings
from tests.support.stacks import settings_of
from tests.support.strategies import valid_settings


def test_prods_series_are_those_of_all_its_agents() -> None:
    assert span_metrics_series(settings_of("prod")) == 10 * 2001 * 18


def test_the_buckets_are_those_that_the_connector_counts() -> None:
    """A sum, a count, the bucket without a bound and the counter of calls beside them."""
    connector = agent_config(settings_of("prod"))["connectors"]["span_metrics"]
    assert len(connector["histogram"]["explicit"]["buckets"]) + 4 == SERIES_PER_LABEL_SET


def test_more_series_than_prometheus_bears_are_refused_and_the_named_least_is_enough() -> None:
    with pytest.raises(SettingsError) as refusal:
        checked_plan(settings_of("prod", {"span_metrics.max_series": 360_179}))
    assert str(refusal.value) == (
        "span_metrics.max_series: is less than 10 agents may make, with 18 series a label set "
        "(got 360179; allowed at least 360180). Lower span_metrics.max_label_sets_per_agent, or raise it if "
        "Prometheus has the memory."
    )
    checked_plan(settings_of("prod", {"span_metrics.max_series": 360_180}))


def test_label_sets_beyond_a_quarter_of_an_agents_memory_are_refused() -> None:
    limit_mib = settings_of("prod").collectors.agent.resources.memory_limit_mib
    most = int(limit_mib / 4 * 2**20 / BYTES_PER_LABEL_SET) - 1
    many = {"span_metrics.max_series": 100_000_000}
    with pytest.raises(SettingsError) as refusal:
        checked_plan(settings_of("prod", many | {"span_metrics.max_label_sets_per_agent": most + 1}))
    assert str(refusal.value) == (
        "span_metrics.max_label_sets_per_agent: takes more than a quarter of "
        f"collectors.agent.resources.memory_limit_mib, which is {limit_mib} "
        f"(got {most + 1}; allowed at most {most}). Lower it, or raise the memory limit of the agents."
    )
    checked_plan(settings_of("prod", many | {"span_metrics.max_label_sets_per_agent": most}))


@given(settings=valid_settings())
def test_only_agents_that_count_spans_need_memory_and_make_series(settings: StackSettings) -> None:
    counts = settings.span_metrics.source == "agents"
    assert bool(span_metrics_series(settings)) is counts
    assert bool(agent_span_metrics_mib(settings)) is counts
    assert ("connectors" in agent_config(settings)) is counts
