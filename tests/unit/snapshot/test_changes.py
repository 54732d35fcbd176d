"""Two recordings compared: what is replaced, restarted, reloaded, updated, and what the engine refuses."""

from dataclasses import replace
from typing import Any

import pytest

from snapshot.changes import Change, Effect, changes
from snapshot.recorder import Registration, autoname
from tests.support.registrations import resource

STATEFUL_SET, DEPLOYMENT = "kubernetes:apps/v1:StatefulSet", "kubernetes:apps/v1:Deployment"
CONFIG_MAP, SECRET, SERVICE = (f"kubernetes:core/v1:{kind}" for kind in ("ConfigMap", "Secret", "Service"))
JOB, BUCKET = "kubernetes:batch/v1:Job", "aws:s3/bucket:Bucket"
NAME = {"metadata": {"name": "x", "namespace": "tracing"}}


def effect(kind: str, before: dict[str, Any], after: dict[str, Any]) -> Effect | None:
    """Return what happens to the only resource."""
    found = changes([resource(kind, before)], [resource(kind, after)])
    return found[0].effect if found else None


def workload(name: str, config_map: str, **template: Any) -> Registration:
    """Return a Deployment whose Pods mount a ConfigMap."""
    pod = {"spec": {"volumes": [{"name": "config", "configMap": {"name": config_map}}]}, **template}
    return resource(DEPLOYMENT, {**NAME, "spec": {"template": pod}}, name)


@pytest.mark.parametrize(
    ("kind", "before", "after", "expected"),
    [
        (DEPLOYMENT, {"spec": {"replicas": 2}}, {"spec": {"replicas": 2}}, None),
        (DEPLOYMENT, {"spec": {"replicas": 2}}, {"spec": {"replicas": 3}}, Effect.UPDATED),
        (DEPLOYMENT, {"spec": {"template": {"a": 1}}}, {"spec": {"template": {"a": 2}}}, Effect.RESTARTED),
        (DEPLOYMENT, {"spec": {}}, {"spec": {"template": {"a": 2}}}, Effect.RESTARTED),
        (DEPLOYMENT, {"spec": {"selector": {"a": "1"}}}, {"spec": {"selector": {"a": "2"}}}, Effect.REPLACED),
        (
            STATEFUL_SET,
            {"spec": {"template": {"a": 1}, "volumeClaimTemplates": [{"size": 1}]}},
            {"spec": {"template": {"a": 2}, "volumeClaimTemplates": [{"size": 2}]}},
            Effect.REPLACED,
        ),
        (STATEFUL_SET, {"spec": {"serviceName": "a"}}, {"spec": {"serviceName": "b"}}, Effect.REPLACED),
        (SERVICE, {"spec": {"ports": [1]}}, {"spec": {"ports": [1, 2]}}, Effect.UPDATED),
        (SERVICE, {"spec": {"clusterIP": "None"}}, {"spec": {}}, Effect.REPLACED),
        (CONFIG_MAP, {"data": {"f": "1"}}, {"data": {"f": "2"}}, Effect.REPLACED),
        (CONFIG_MAP, {"data": {"f": "1"}}, {"data": {"f": "1"}, "immutable": True}, Effect.UPDATED),
        (SECRET, {"stringData": {"k": "1"}}, {"stringData": {"k": "2"}}, Effect.REPLACED),
        (SECRET, {"type": "Opaque"}, {"type": "example.com/other"}, Effect.REPLACED),
        (SECRET, {}, {"immutable": True}, Effect.UPDATED),
        ("kubernetes:new/v1:Kind", {"spec": {"a": 1}}, {"spec": {"a": 2}}, Effect.UPDATED),
    ],
)
def test_an_objects_change_has_this_effect(
    kind: str, before: dict[str, Any], after: dict[str, Any], expected: Effect | None
) -> None:
    assert effect(kind, NAME | before, NAME | after) == expected


def test_an_input_that_counts_only_at_creation_changes_nothing() -> None:
    """An autoscaler's workload: the engine leaves its replicas as they are."""
    before, after = (
        resource(DEPLOYMENT, {"spec": {"replicas": count}}, ignored=("spec.replicas",)) for count in (2, 3)
    )
    assert changes([before], [after]) == []


@pytest.mark.parametrize("key", ["name", "namespace"])
def test_another_name_or_namespace_replaces_an_object(key: str) -> None:
    assert effect(SERVICE, NAME, {"metadata": NAME["metadata"] | {key: "other"}}) == Effect.REPLACED


@pytest.mark.parametrize(
    ("kind", "before", "after", "expected"),
    [
        (BUCKET, {"bucket": "a"}, {"bucket": "b"}, Effect.REPLACED),
        (BUCKET, {"bucket": "a"}, {"bucket": "a", "forceDestroy": True}, Effect.UPDATED),
        ("aws:iam/role:Role", {"description": "a"}, {"description": "b"}, Effect.UPDATED),
        ("random:index/randomPassword:RandomPassword", {"length": 20}, {"length": 40}, Effect.REPLACED),
        ("aws:new/kind:Kind", {"a": 1}, {"a": 2}, Effect.UPDATED),
    ],
)
def test_another_resources_change_has_this_effect(
    kind: str, before: dict[str, Any], after: dict[str, Any], expected: Effect
) -> None:
    assert effect(kind, before, after) == expected


def test_resources_come_and_go() -> None:
    found = changes([resource(SERVICE, NAME, "old", protect=True)], [resource(SERVICE, NAME, "new")])
    assert found == [
        Change(Effect.CREATED, "Service", "new", is_protected=False),
        Change(Effect.DELETED, "Service", "old", is_protected=True),
    ]
    assert [change.is_refused for change in found] == [False, True]


def test_components_do_not_count() -> None:
    component = resource("fawkes:tracing:Thing", {}, custom=False)
    assert changes([], [component]) == []
    assert changes([component], []) == []


def test_protection_refuses_a_replacement_and_nothing_else() -> None:
    before = resource(BUCKET, {"bucket": "a"}, protect=True)
    (replaced,) = changes([before], [replace(before, inputs={"bucket": "b"}, protect=False)])
    assert replaced.is_refused
    (updated,) = changes([before], [replace(before, inputs={"bucket": "a", "forceDestroy": True})])
    assert not updated.is_refused


@pytest.mark.parametrize("option", ["protect", "retain_on_delete"])
def test_protection_and_retention_change_without_the_resource(option: str) -> None:
    inputs = {"bucket": "a"}
    after = resource(BUCKET, inputs, "x", **dict[str, Any]({option: True}))
    (change,) = changes([resource(BUCKET, inputs)], [after])
    assert (change.effect, change.is_refused) == (Effect.GUARDED, False)


def test_a_changed_file_under_a_generated_name_restarts_whoever_mounts_it() -> None:
    """Under the recorder the name stays the same, and so do the inputs of the workload."""
    nameless = {"metadata": {"namespace": "tracing"}, "immutable": True}
    before = [resource(CONFIG_MAP, nameless | {"data": {"f": "1"}}, "files"), workload("a", autoname("files"))]
    after = [resource(CONFIG_MAP, nameless | {"data": {"f": "2"}}, "files"), before[1], workload("b", "else")]
    found = {change.name: change.effect for change in changes([*before, workload("b", "else")], after)}
    assert found == {"files": Effect.RENEWED, "a": Effect.RESTARTED}


def test_a_nameless_job_that_mounts_a_changed_file_runs_again() -> None:
    nameless = {"metadata": {"namespace": "tracing"}}
    job = resource(JOB, nameless | {"spec": {"template": {"file": autoname("files")}}}, "job")
    reader = resource(SERVICE, NAME | {"spec": {"job": autoname("job")}}, "reader")
    files = [resource(CONFIG_MAP, nameless | {"data": {"f": text}}, "files") for text in "12"]
    found = {change.name: change.effect for change in changes([job, files[0], reader], [reader, files[1], job])}
    assert found == {"files": Effect.RENEWED, "job": Effect.RENEWED, "reader": Effect.UPDATED}


def in_place(data: str, *, immutable: bool = False, setting: object = "true") -> list[Registration]:
    """Return a ConfigMap with a fixed name and a provider that may change it in place."""
    provider = resource("pulumi:providers:kubernetes", {"enableConfigMapMutable": setting}, "objects")
    inputs = {"metadata": {"name": "overrides"}, "data": {"f": data}, "immutable": immutable}
    return [provider, resource(CONFIG_MAP, inputs, "overrides", provider=f"{provider.urn}::id")]


def test_a_file_that_changes_in_place_is_read_again_by_those_who_do_not_restart() -> None:
    projected = {"projected": {"sources": [{"configMap": {"name": "overrides"}}]}}
    others = [
        workload("mounts", "overrides"),
        resource(STATEFUL_SET, {"spec": {"template": {"spec": {"volumes": [projected]}}}}, "projects"),
        workload("has-another", "else"),
    ]
    before = [*in_place("1"), *others, workload("restarts", "overrides")]
    after = [*in_place("2"), *others, workload("restarts", "overrides", metadata={"labels": {"team": "b"}})]
    assert changes(before, after) == [
        Change(Effect.RELOADED, "ConfigMap", "overrides", is_protected=False, read_by=("mounts", "projects")),
        Change(Effect.RESTARTED, "Deployment", "restarts", is_protected=False),
    ]


@pytest.mark.parametrize("cannot", [{"immutable": True}, {"setting": "false"}, {"setting": None}])
def test_a_file_changes_in_place_only_with_the_providers_consent_and_unless_it_is_immutable(
    cannot: dict[str, Any],
) -> None:
    (change,) = changes(in_place("1", **cannot), in_place("2", **cannot))
    assert change.effect == Effect.REPLACED


def test_the_tags_of_a_provider_update_what_carries_them() -> None:
    def stack(team: str) -> list[Registration]:
        provider = resource("pulumi:providers:aws", {"defaultTags": {"tags": {"Team": team}}}, "amazon")
        settings = "aws:s3/bucketVersioning:BucketVersioning"
        mine = [resource(BUCKET, {"bucket": "a"}, "b"), resource(settings, {"bucket": "a"}, "v")]
        return [provider, *(replace(one, provider=f"{provider.urn}::id") for one in mine)]

    found = [(change.kind, change.effect) for change in changes(stack("a"), stack("b"))]
    assert found == [("Bucket", Effect.UPDATED), ("Provider", Effect.UPDATED)]
