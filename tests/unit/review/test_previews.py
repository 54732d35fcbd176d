"""The engine's event log read: what happens to which resource, and why it is refused."""

from pathlib import Path
from typing import Any

import pytest

from review.findings import Finding
from review.previews import PreviewError, preview, read_events
from snapshot.changes import Change, Effect
from tests.support.events import STACK_URN, error, state, step, summary, violation, written

STATEFUL_SET, CONFIG_MAP = "kubernetes:apps/v1:StatefulSet", "kubernetes:core/v1:ConfigMap"
NAMED = {"metadata": {"name": "x"}}
DRAWN = {"metadata": {"name": "x-123", "annotations": {"pulumi.com/autonamed": "true"}}}


def server(*config_maps: str) -> dict[str, Any]:
    """Return the inputs of a workload whose Pods mount ConfigMaps."""
    volumes = [{"configMap": {"name": name}} for name in config_maps]
    return NAMED | {"spec": {"template": {"spec": {"volumes": volumes}}}}


def effects(*events: dict[str, Any]) -> list[tuple[str, str, Effect]]:
    """Return what a preview does."""
    return [(change.kind, change.name, change.effect) for change in preview([*events, summary()]).changes()]


@pytest.mark.parametrize(
    ("kind", "inputs", "operation", "paths", "effect"),
    [
        (STATEFUL_SET, NAMED, "create", (), Effect.CREATED),
        (STATEFUL_SET, NAMED, "delete", (), Effect.DELETED),
        (STATEFUL_SET, NAMED, "import", (), Effect.IMPORTED),
        (STATEFUL_SET, server(), "replace", ("spec.volumeClaimTemplates[0].spec",), Effect.REPLACED),
        (CONFIG_MAP, DRAWN, "replace", ("data",), Effect.RENEWED),
        (STATEFUL_SET, server(), "update", ("spec.template.spec.containers[0].image",), Effect.RESTARTED),
        (STATEFUL_SET, server(), "update", ("spec.replicas",), Effect.UPDATED),
        ("kubernetes:batch/v1:Job", server(), "update", ("spec.template",), Effect.UPDATED),
        (CONFIG_MAP, NAMED, "update", ('data["overrides.yaml"]',), Effect.RELOADED),
        (CONFIG_MAP, NAMED, "update", ("metadata.labels",), Effect.UPDATED),
    ],
)
def test_a_step_has_this_effect(
    kind: str, inputs: dict[str, Any], operation: str, paths: tuple[str, ...], effect: Effect
) -> None:
    one = state(kind, "x", inputs)
    old, new = (None if operation == "create" else one), (None if operation == "delete" else one)
    assert effects(step(operation, old, new, paths)) == [(kind.rpartition(":")[2], "x", effect)]


def test_what_stays_the_same_is_no_change_unless_its_guard_changes() -> None:
    one = state(STATEFUL_SET, "x", server())
    assert effects(step("same", one, one)) == []
    assert effects(step("same", one | {"protect": True}, one)) == [("StatefulSet", "x", Effect.GUARDED)]


@pytest.mark.parametrize("operation", ["refresh", "create-replacement", "delete-replaced", "read", "discard"])
def test_halves_of_a_replacement_and_the_refresh_do_not_count(operation: str) -> None:
    one = state(STATEFUL_SET, "x", server())
    assert effects(step(operation, one, one)) == []


@pytest.mark.parametrize(("name", "count"), [("default_4_21_4", 0), ("store-provider", 1)])
def test_providers_that_the_engine_makes_do_not_count(name: str, count: int) -> None:
    """A program does not know them, so a comparison of programs has none."""
    assert len(effects(step("delete", state("pulumi:providers:random", name, {}), None))) == count


def test_components_do_not_count() -> None:
    assert effects(step("create", None, state("fawkes:tracing:Thing", "x", {}, custom=False))) == []


def test_a_reloaded_file_names_those_who_read_it_and_do_not_restart() -> None:
    overrides = state(CONFIG_MAP, "overrides", {"metadata": {"name": "overrides"}})
    reads, restarts, other = (
        state(STATEFUL_SET, name, server(mounts))
        for name, mounts in (("reads", "overrides"), ("restarts", "overrides"), ("other", "else"))
    )
    events = [
        step("update", overrides, overrides, ("data",)),
        step("same", reads, reads),
        step("update", restarts, restarts, ("spec.template.spec",)),
        step("same", other, other),
    ]
    reloaded, _ = preview([*events, summary()]).changes()
    assert reloaded == Change(Effect.RELOADED, "ConfigMap", "overrides", is_protected=False, read_by=("reads",))


def test_violations_are_findings() -> None:
    workload = state(STATEFUL_SET, "x", server())
    found = preview(
        [
            violation("keeps-errors", "mandatory", "critical", " Errors are kept.\nKeep them.\n", workload["urn"]),
            violation("costs-less", "advisory", "", "Spend less."),
            violation("costs-less", "advisory", "", "Spend less."),
        ]
    )
    assert found.findings == (
        Finding(
            rule="keeps-errors",
            severity="critical",
            level="mandatory",
            resource="StatefulSet x",
            sentence="Keep them.",
        ),
        Finding(rule="costs-less", severity="", level="advisory", resource="", sentence="Spend less."),
    )
    assert [one.refuses for one in found.findings] == [True, False]


def test_a_pack_that_found_nothing_ran_and_no_pack_did_not() -> None:
    assert preview([summary({"pack": "v1"})]).findings == ()
    assert preview([summary()]).findings is None


def test_an_error_makes_a_preview_incomplete_and_is_told_once() -> None:
    workload = state(STATEFUL_SET, "x", server())
    text = "unable to replace resource\nas it is protected"
    found = preview(
        [error(text, workload["urn"]), error(text, workload["urn"]), error("preview failed", STACK_URN)]
    )
    assert not found.complete
    assert found.errors == (f"StatefulSet x: {text}",)


def test_a_log_that_ends_early_is_incomplete() -> None:
    assert not preview([step("create", None, state(STATEFUL_SET, "x", server()))]).complete


def test_a_half_written_last_line_is_left_out(tmp_path: Path) -> None:
    """The engine was killed, or still writes."""
    file = written(tmp_path, "prod", [summary(), summary()])
    file.write_text(file.read_text(encoding="utf-8") + '{"sequence": 3, "summ', encoding="utf-8")
    assert len(read_events(file)) == 2


@pytest.mark.parametrize("text", ["", "no json\n{}\n", "[]\n", '{"a": 1}\n{"b": 2}\n', "\x00\xff\n\n"])
def test_a_file_that_is_no_event_log_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "prod.jsonl"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PreviewError, match="is no event log of the engine"):
        read_events(file)


def test_a_rule_on_one_resource_that_refuses_it_ends_the_preview_early() -> None:
    """Rules on the whole stack do not run then, and the steps are not all there."""
    workload = state(STATEFUL_SET, "x", server())
    refused = [
        violation("a-rule", "mandatory", "high", "Why.", workload["urn"]),
        error("preview failed"),
        summary(),
    ]
    assert (preview(refused).complete, preview(refused).accepted) == (False, False)
    at_the_end = [*refused, {"sequence": 9, "policyAnalyzeStackSummaryEvent": {}}]
    assert (preview(at_the_end).complete, preview(at_the_end).accepted) == (True, False)


def test_advice_refuses_nothing() -> None:
    found = preview([violation("a-rule", "advisory", "high", "Why."), summary({"pack": "v1"})])
    assert (found.complete, found.accepted) == (True, True)
