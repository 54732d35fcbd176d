"""Warnings about settings that others leave without effect."""

import re
from typing import Any

import pytest

from settings.without_effect import warnings_about
from tests.support.stacks import SENTENCE, STACKS, settings_of
from tests.support.tempo_configs import of_3


@pytest.mark.parametrize("stack", STACKS)
def test_a_committed_stack_states_only_what_it_gets(stack: str) -> None:
    """Whoever reviews a stack file must be able to believe it."""
    assert [*warnings_about(settings_of(stack))] == []


@pytest.mark.parametrize(
    ("stack", "changes", "path"),
    [
        ("dojo", {"grafana.url": "https://grafana.example.com", "alerts.delivery": "none"}, "grafana.url"),
        ("prod", of_3({"tempo.traceql_metrics": False}), "tempo.traceql_metrics"),
        ("prod", of_3({"tempo.generator_volume_size_gib": 12}), "tempo.generator_volume_size_gib"),
        ("dojo", {"tempo.generator_volume_size_gib": 12}, "tempo.generator_volume_size_gib"),
        (
            "prod",
            {"tempo.traceql_metrics": False, "tempo.generator_volume_size_gib": 12},
            "tempo.generator_volume_size_gib",
        ),
    ],
)
def test_a_setting_that_others_exclude_is_named_even_at_its_default(
    stack: str, changes: dict[str, Any], path: str
) -> None:
    (warning,) = warnings_about(settings_of(stack, changes))
    assert re.match(SENTENCE, warning)
    assert warning.startswith(f"{path}: has no effect")


@pytest.mark.parametrize(
    "changes",
    [
        {"tempo.generator_volume_size_gib": 20},
        {"tempo.traceql_metrics": False},
        of_3({"tempo.traceql_metrics": True}),
        of_3(),
        {"grafana.url": "https://grafana.example.com", "alerts.delivery": "prometheus_operator"},
    ],
)
def test_settings_that_have_their_effect_are_not_named(changes: dict[str, Any]) -> None:
    assert [*warnings_about(settings_of("prod", changes))] == []
