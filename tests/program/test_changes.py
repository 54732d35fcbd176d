"""What a changed setting does to prod, measured for every row of docs/changes.md; no engine runs.

A row that differs: run `make golden`, and read what the change does now.
"""

import functools
import itertools
import re

import pytest

from cli.documents import CHANGES, GENERATED_BELOW, STACK
from settings.stack import StackSettings
from snapshot.change_tables import row
from snapshot.changes import Effect, changes
from snapshot.example_values import EXAMPLES
from snapshot.examples import Example, examples
from snapshot.outcomes import Outcomes
from snapshot.program import record_program
from tests.support.documents import leaves
from tests.support.programs import recorded
from tests.support.stacks import as_config, sections, settings_of, stack_file

_, _, TABLES = CHANGES.read_text(encoding="utf-8").partition(GENERATED_BELOW)
ROWS = [line for line in TABLES.splitlines() if line.startswith("| `")]
HEADINGS_AND_ROWS = [line for line in TABLES.splitlines() if line.startswith(("## ", "| `"))]
EXAMPLES_OF_ROWS = list(examples(settings_of(STACK), EXAMPLES))

# Of the rows that matter most, by setting and value, what the third cell says.
RESTARTS = {
    ("sampling.slow_threshold_ms", "2000"): "agents, gateways",
    ("sampling.named_paths", '["/pay"]'): "gateways",
    ("sampling.decision_wait_seconds", "17"): "gateways, synthetic check",
    ("sampling.baseline_percentage", "11"): "gateways",
    ("collectors.gateway.replicas", "4"): "gateways",
    ("collectors.agent.resources.memory_limit_mib", "563"): "agents",
    ("collectors.agent.queue_volume_mib", "3379"): "agents",
    ("retention.detailed_hours", "240"): "",
    ("retention.long_term_hours", "1440"): "Tempo",
    ("grafana.prometheus_url", "http://other:9090"): "Tempo",
    ("object_store.aws.identity", "irsa"): "Tempo",
    ("tempo.version", "2.10.9"): "Tempo",
    ("load.peak_spans_per_second", "110000"): "agents, gateways",
    ("tempo.resources.memory_limit_mib", "4506"): "ingesters",
    ("tempo.ingesters", "4"): "",
    ("load.average_spans_per_second", "5390"): "",
    ("retention.aggregated_metrics_days", "99"): "nothing",
    ("object_store.noncurrent_expiry_days", "4"): "",
    ("grafana.service_monitors", "false"): "agents",
    ("span_metrics.source", "tempo"): "agents",
    ("span_metrics.max_series", "1100000"): "nothing",
    ("images.collector.tag", "0.160.0"): "agents, gateways",
    ("images.mirror", "registry.example.com/copies"): "agents, gateways, Tempo, memcached, synthetic check",
    ("tempo.require_zones", "true"): "ingesters",
    ("environment.team", "another-team"): "agents, gateways, Tempo, memcached, synthetic check",
    ("tempo.volume_size_gib", "200"): "**refused**: protected: StatefulSet tempo-ingester-server",
    ("collectors.gateway.queue_volume_gib", "55"): "**refused**: protected: StatefulSet gateway-server",
    ("cluster.storage_class", "gp3"): "**refused**: protected: 3 StatefulSets",
    ("tempo.traceql_metrics", "false"): "**refused**: protected: StatefulSet tempo-metrics-generator-server",
    ("grafana.max_active_series_per_tenant", "110000"): "",
}


def cells(line: str) -> list[str]:
    """Return the cells of a row."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


@functools.cache
def outcomes() -> Outcomes:
    """Return prod's rows, which are measured on demand."""
    return Outcomes(stack_file(STACK), STACK, EXAMPLES)


@pytest.mark.parametrize(
    ("index", "alternatives"),
    list(enumerate(EXAMPLES_OF_ROWS)),
    ids=[f"{row[0].setting}={row[0].value}"[:60] for row in EXAMPLES_OF_ROWS],
)
def test_a_row_is_what_the_change_does(index: int, alternatives: list[Example]) -> None:
    """Operators choose the time of a change by it."""
    assert row(outcomes().outcome(alternatives), outcomes().servers) == ROWS[index]


def test_the_document_has_a_row_for_each_example_below_the_heading_of_its_section_and_no_other() -> None:
    settings = [row[0].setting for row in EXAMPLES_OF_ROWS]
    expected = [
        line
        for section, named in itertools.groupby(settings, key=lambda setting: setting.partition(".")[0])
        for line in (f"## `{section}`", *(f"`{setting}`" for setting in named))
    ]
    assert [line if line.startswith("#") else cells(line)[0] for line in HEADINGS_AND_ROWS] == expected


def test_every_setting_has_a_row_or_is_in_a_section_that_has_one() -> None:
    named = {cells(line)[0].strip("`") for line in ROWS}
    parents = {
        path: {path[:end] for end, char in enumerate(path) if char == "."} for path in leaves(StackSettings)
    }
    assert [path for path in parents if not named & {path, *parents[path]}] == []


@pytest.mark.parametrize(("setting", "value"), RESTARTS, ids=lambda text: str(text)[:60])
def test_an_important_row_says(setting: str, value: str) -> None:
    """The document and its generator could be wrong together."""
    found = [cells(line) for line in ROWS if cells(line)[0] == f"`{setting}`"]
    (restarts,) = [line[2] for line in found if line[1].partition(" → ")[2].partition(" with ")[0] == f"`{value}`"]
    assert restarts == RESTARTS[setting, value]


@pytest.mark.parametrize("stack", ["staging", "dojo"])
def test_a_stack_whose_load_is_below_tempos_default_limits_restarts_gateways_alone(stack: str) -> None:
    """Sampling is changed in incidents; in prod, whose limits follow the load, a larger change reloads Tempo."""
    share = {"staging": 60, "dojo": 50}[stack]
    changed = record_program(as_config(sections(stack, {"sampling.baseline_percentage": share})), stack)
    found = changes(recorded(stack).registrations, changed.registrations)
    assert {change.name for change in found if change.effect == Effect.RESTARTED} == {"gateway-server"}


@pytest.mark.parametrize("setting", ["retention.detailed_hours", "tenants.namespaces", "tempo.max_trace_bytes"])
def test_tempo_reloads_its_tenants_limits(setting: str) -> None:
    """They are in a ConfigMap of their own, which every Tempo process reads again while it runs."""
    (found,) = [cells(line) for line in ROWS if cells(line)[0] == f"`{setting}`"]
    assert "Tempo" not in found[2]
    assert found[4].startswith("reloads Tempo")
